import Foundation
import SampleSite
import Synchronization
import TestSupport
import Testing

/// Refreshes of pictures.
extension CrashPointTests {
    /// Two pictures have changed, one of them into another format, the other with bytes behind its end, and one
    /// is gone.
    @Test(arguments: ["keep", "replace"])
    func `a refresh of pictures that dies at any point goes on to the same end`(
        _ rule: String
    ) async throws {
        let crawl = ["crawl", "site.yaml", "--into", "pictures"]
        let refresh = crawl + ["--refresh-images"]
        @Sendable func change(_ site: SampleSite) {
            let items = CrashSite.gallery.items
            for (item, format) in [(0, Picture.Format.jpeg), (2, .png)] {
                var changed = SampleSite.Response.picture(Picture(format, number: 50))
                if item == 0 { changed.body += [UInt8](repeating: 7, count: 100) }
                site.route(items[item].path, to: changed)
            }
            site.fault(.status(404), at: items[3].path)
        }
        @Sendable func state(_ fixture: CommandFixture) async throws -> [String] {
            try await fixture.sql(
                """
                select path, caption, sha256, attempts from downloads order by 1;
                select path, how, sha256, path_now from formers order by 1;
                select task_id, error_class from attempts where kind = 'refresh' and number = 1;
                select count(*) from refresh; select count(*) from version;
                """
            ) + fixture.pictureFiles.map { "\($0): \(fixture.bytes(of: $0).hashValue)" }
        }
        let expected = Mutex<[String]>([])
        try await CrashSite.serve(recipe: "on_change: \(rule)") { site, fixture in
            try await expect(3, fixture, crawl, at: 0)
            change(site)
            try await expect(3, fixture, refresh, at: 0)
            let end = try await state(fixture)
            expected.withLock { $0 = end }
            let formers = try await fixture.sql("select how from formers order by 1")
            #expect(formers == (rule == "keep" ? ["kept", "kept"] : ["kept", "replaced"]))
        }
        let through = try await onCopies(
            of: { site, fixture in
                try await expect(3, fixture, crawl, at: 0)
                change(site)
            },
            command: refresh,
            recipe: "on_change: \(rule)"
        ) { number, site, copy in
            try await expect(0, copy, ["verify", "pictures"], at: number)
            let isBegun = try await copy.sql("select count(*) from refresh") != ["0"]
            try await expect(3, copy, isBegun ? ["resume", "pictures"] : refresh, at: number)
            #expect(try await state(copy) == expected.withLock { $0 }, "\(number)")
            try await expect(0, copy, ["verify", "pictures"], at: number)
        }
        #expect(through > 20)
    }

    @Test(.enabled(if: Machine.hasStrace, "strace is not installed"))
    func `a file system that can't exchange names replaces pictures all the same`() async throws {
        try await CrashSite.serve(recipe: "on_change: replace") { site, fixture in
            let arguments = ["crawl", "site.yaml", "--into", "pictures"]
            try await expect(3, fixture, arguments, at: 0)
            let changed = Picture(.jpeg, number: 50)
            site.route(CrashSite.gallery.items[0].path, to: .picture(changed))
            let refresh = try RunningProgram(
                "strace",
                [
                    "-f", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
                    "inject=renameat2:error=EINVAL", BuiltBinary.path(of: "magpie"),
                ] + arguments + ["--refresh-images"],
                in: fixture.folder.path
            )
            let result = await refresh.result()
            #expect(result.code == 3, "\(result)")
            #expect(try await fixture.sql("select how from formers") == ["replaced"])
            let path = try await fixture.sql("select path from downloads where id = 1")
            #expect(path.map { fixture.bytes(of: $0) } == [changed.bytes])
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }
}
