import Foundation
import SampleSite
import TestSupport
import Testing

/// Taking over what is there, and letting go of it.
@Suite(.timeLimit(.minutes(2)))
struct TakeOverTests {
    private let fixture = CommandFixture()

    private static func file(of item: Gallery.Item) -> String {
        item.caption + item.path.drop { $0 != "." }
    }

    private func put(_ bytes: [UInt8], at name: String) throws {
        let path = fixture.folder.path("pictures/\(name)")
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test func `a folder that another program filled is taken over without asking for a picture`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            let items = site.gallery.items
            for item in items.prefix(25) {
                try put(site.gallery.picture(of: item).bytes, at: Self.file(of: item))
            }
            try put(Array("<html>404</html>".utf8), at: Self.file(of: items[30]))
            try put([1, 2, 3], at: "notes/mine.txt")

            let adopted = try await fixture.magpie("adopt", "pictures", "--recipe", "site.yaml")
            #expect(adopted.code == 0, "\(adopted.errors)")
            #expect(adopted.output.contains("25 adopted, 0 known, 1 broken, 1 stranger"))
            #expect(adopted.output.contains("stranger  notes/mine.txt"))
            #expect(adopted.output.contains("broken  \(Self.file(of: items[30]))"))
            #expect(adopted.output.contains("images  25 done, 0 skipped, 0 failed, 15 waiting"))
            #expect(adopted.output.contains("next:   magpie resume pictures"))
            #expect(site.ledger.requests.count { $0.target != "/robots.txt" } == 2)

            let plan = try await fixture.magpie("adopt", "pictures", "--dry-run")
            #expect(plan.output.contains("0 to adopt, 25 known, 1 broken, 1 stranger"))

            let resumed = try await fixture.magpie("resume", "pictures")
            #expect(resumed.output.contains("images  39 done, 1 skipped, 0 failed, 0 waiting"))
            #expect(site.ledger.requests.count { $0.target != "/robots.txt" } == 17)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            #expect(fixture.bytes(of: "notes/mine.txt") == [1, 2, 3])
        }
        #expect(try await fixture.magpie("adopt", "elsewhere").code == 10)
    }

    @Test func `a failed picture whose file was put there is adopted`() async throws {
        try await fixture.withCrawl { site in
            let item = site.gallery.items[3]
            let file = Self.file(of: item)
            try put(site.gallery.picture(of: item).bytes, at: file)
            let plan = try await fixture.magpie("adopt", "pictures", "--dry-run", "--json")
            #expect(plan.output.contains("{\"finding\":\"adopted\",\"path\":\"\(file)\"}"))
            let adopted = try await fixture.magpie("adopt", "pictures")
            #expect(adopted.output.contains("1 adopted, 17 known, 0 broken, 0 strangers"))
            #expect(adopted.output.contains("images  18 done, 1 skipped, 1 failed, 0 waiting"))
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    @Test func `a forgotten picture is gone from the database, and its path is another's`()
        async throws
    {
        try await fixture.withCrawl { site in
            #expect(try await fixture.magpie("forget", "pictures").code == 64)
            let plan = try await fixture.magpie(
                "forget",
                "pictures",
                "--state",
                "failed",
                "--dry-run"
            )
            #expect(plan.output == "2 pictures would be forgotten\n")
            let failed = try await fixture.magpie("forget", "pictures", "--state", "failed")
            #expect(failed.output == "2 pictures forgotten\n")
            let owner = try await fixture.magpie(
                "forget",
                "pictures",
                "--state",
                "done",
                "--path",
                "twin*"
            )
            #expect(owner.output == "1 picture forgotten\n")
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            let status = try await fixture.magpie("status", "pictures")
            #expect(status.output.contains("images  16 done, 0 skipped, 0 failed, 1 waiting"))

            // The heir wants the path on which the forgotten picture's file still is.
            try FileManager.default.removeItem(
                atPath: fixture.folder.path("pictures/\(Self.file(of: site.gallery.items[5]))")
            )
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            let twin = fixture.bytes(of: Self.file(of: site.gallery.items[5]))
            #expect(twin == site.gallery.picture(of: site.gallery.items[9]).bytes)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    @Test func `pictures whose files are gone are made ready again, others are not`() async throws {
        try await fixture.withCrawl { site in
            for index in [0, 1] {
                let file = Self.file(of: site.gallery.items[index])
                try FileManager.default.removeItem(atPath: fixture.folder.path("pictures/\(file)"))
            }
            try put([0], at: Self.file(of: site.gallery.items[2]))
            let requeued = try await fixture.magpie("requeue", "pictures", "--missing")
            #expect(requeued.output.contains("2 pictures ready again"))
            #expect(requeued.output.contains("next:   magpie resume pictures"))
            let asked = site.ledger.requests.count
            #expect(try await fixture.magpie("resume", "pictures").code == 3)
            #expect(site.ledger.requests.count == asked + 2)
            #expect(fixture.bytes(of: Self.file(of: site.gallery.items[2])) == [0])
        }
        #expect(try await fixture.magpie("requeue", "pictures").code == 64)
    }

    @Test func `a backup made while a crawl runs is a whole database`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            let last = site.gallery.items[39].path
            site.hold(last)
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await eventually("39 pictures are committed") {
                try await fixture.sql("select count(*) from downloads") == ["39"]
            }
            let backup = try await fixture.magpie("backup", "pictures", "copy.db")
            #expect(backup.code == 0, "\(backup.errors)")
            #expect(try await fixture.magpie("backup", "pictures", "copy.db").code == 64)
            let nowhere = try await fixture.magpie("backup", "pictures", "none/copy.db")
            #expect(nowhere.code == 64)
            #expect(nowhere.errors.contains("make it first"))
            site.release(last)
            #expect(await crawl.result().code == 0)
        }
        let shell = try RunningProgram(
            "sqlite3",
            [
                fixture.folder.path("copy.db"),
                "pragma integrity_check; select count(*) from downloads",
            ]
        )
        #expect(await shell.result().output == "ok\n39\n")
        #expect(!fixture.folder.files().contains { $0.hasPrefix("copy.db.") })
    }

    @Test func `an export is an archive of pictures, captions and what is known`() async throws {
        try await fixture.withCrawl { site in
            let gone = Self.file(of: site.gallery.items[0])
            try FileManager.default.removeItem(atPath: fixture.folder.path("pictures/\(gone)"))
            let export = try RunningProgram(
                "sh",
                [
                    "-c", "\"$0\" export pictures --format tar > all.tar",
                    BuiltBinary.path(of: "magpie"),
                ],
                in: fixture.folder.path
            )
            let result = await export.result()
            #expect(result.code == 3)
            #expect(result.errors.contains(gone))
            try FileManager.default.createDirectory(
                atPath: fixture.folder.path("out"),
                withIntermediateDirectories: true
            )
            let tar = try RunningProgram(
                "tar",
                ["-xf", "all.tar", "-C", "out"],
                in: fixture.folder.path
            )
            #expect(await tar.result().code == 0)
            let files = fixture.folder.files().filter { $0.hasPrefix("out/") }
            #expect(files.count == 3 * 16)

            let item = site.gallery.items[1]
            let id = try await fixture.sql(
                "select id from downloads where url = '\(site.address(of: item))'"
            )
            let number = String(format: "%09d", Int(id[0]) ?? 0)
            func read(_ ending: Substring) -> Data? {
                FileManager.default.contents(atPath: fixture.folder.path("out/\(number)\(ending)"))
            }
            #expect(
                read(item.path.drop { $0 != "." }) == Data(site.gallery.picture(of: item).bytes)
            )
            #expect(read(".txt") == Data(item.caption.utf8))
            let json = try JSONSerialization.jsonObject(with: #require(read(".json")))
            #expect((json as? [String: Any])?["url"] as? String == site.address(of: item))

            let csv = try await fixture.magpie("export", "pictures")
            #expect(csv.output.hasPrefix("id,path,caption,url"))
            #expect(csv.output.split(separator: "\n").count == 18)
        }
    }
}
