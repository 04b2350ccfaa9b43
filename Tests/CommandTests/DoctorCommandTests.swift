import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)), .serialized)
struct DoctorCommandTests {
    private let fixture = CommandFixture()

    private func report(_ result: RunningProgram.Result) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func `doctor tells the versions of the libraries`() async throws {
        let result = try await fixture.magpie("doctor", "--json")
        #expect(result.code == 0)
        let libraries = try #require(try report(result)["libraries"] as? [String: Any])
        for name in ["libcurl", "sqlite", "libxml2", "pcre2", "openssl"] {
            let version = libraries[name] as? String ?? ""
            #expect(
                version.wholeMatch(of: /[1-9]\d*\.\d+(\.\d+)*\w*/) != nil,
                "\(name): \(version)"
            )
        }
        let shell = try await RunningProgram("sqlite3", ["--version"]).result()
        #expect(shell.output.hasPrefix("\(libraries["sqlite"] ?? "") "))

        let text = try await fixture.magpie("doctor")
        #expect(text.code == 0)
        #expect(text.output.contains("SQLite       \(libraries["sqlite"] ?? "")"))
        #expect(!text.output.contains("folder"))
    }

    @Test func `doctor tells what a folder is on, who holds it, and that it is well`() async throws
    {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let held = site.gallery.items[19].path
            site.hold(held)
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await site.requested(held)
            let running = try await fixture.magpie("doctor", "pictures", "--json")
            #expect(running.code == 0)
            let folder = try #require(try report(running)["folder"] as? [String: Any])
            #expect((folder["holder"] as? String)?.contains("process \(crawl.pid)") == true)
            let newest = try await fixture.sql("select max(identifier) from grdb_migrations")
            #expect(folder["database"] as? String == newest.first)
            #expect((folder["free_bytes"] as? Int ?? 0) > 0)
            let kind = try await RunningProgram(
                "stat",
                ["-f", "-c", "%t", "pictures"],
                in: fixture.folder.path
            )
            .result().output
            let names = [
                "ef53": "ext4", "1021994": "tmpfs", "794c7630": "overlay", "58465342": "xfs",
            ]
            if let name = names[String(kind.dropLast())] {
                #expect(folder["file_system"] as? String == name)
            }
            site.release(held)
            #expect(await crawl.result().code == 0)

            let text = try await fixture.magpie("doctor", "pictures")
            #expect(text.code == 0)
            #expect(text.output.contains("lock         free"))
            #expect(text.output.contains("the folder is well"))
            #expect(try await fixture.magpie("doctor", "nowhere").code == 10)
        }
    }

    @Test func `doctor finds a damaged page that opening does not touch`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
            let root = try await fixture.sql(
                "select rootpage from sqlite_schema where name = 'image_path'"
            )
            let page = try #require(root.first.flatMap { Int($0) })
            let url = URL(fileURLWithPath: "\(fixture.pictures)/magpie.db")
            var bytes = try [UInt8](Data(contentsOf: url))
            for index in (page - 1) * 4096..<page * 4096 { bytes[index] = 0xA5 }
            try Data(bytes).write(to: url)
            let result = try await fixture.magpie("doctor", "pictures")
            #expect(result.code == 1)
            #expect(result.output.contains("problem: the database is damaged: "))
            #expect(!result.output.contains("the folder is well"))

            try Data(bytes.prefix(5000)).write(to: url)
            let short = try await fixture.magpie("doctor", "pictures", "--json")
            #expect(short.code == 1)
            let problems = try #require(try report(short)["problems"] as? [String])
            #expect(problems.count == 1 && problems[0].contains("Restore it from a backup"))
        }
    }
}
