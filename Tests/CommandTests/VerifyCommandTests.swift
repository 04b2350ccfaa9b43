import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct VerifyCommandTests {
    private let fixture = CommandFixture()

    private func withCrawl(_ body: (SampleSite) async throws -> Void) async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 5)) { site in
            try fixture.writeRecipe(of: site)
            site.fault(.status(404), at: site.gallery.items[7].path)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 3)
            try await body(site)
        }
    }

    private func change(_ sql: String) async throws {
        let database = fixture.folder.path("pictures/magpie.db")
        let sql = "pragma ignore_check_constraints = on; " + sql
        #expect(try await RunningProgram("sqlite3", [database, sql]).result().code == 0)
    }

    @Test func `a whole crawl has no violations, also while it runs`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let held = site.gallery.items[4].path
            site.hold(held)
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await eventually("19 pictures are committed") {
                try await fixture.sql("select count(*) from downloads") == ["19"]
            }
            let verify = try await fixture.magpie("verify", "pictures")
            #expect(verify.code == 0)
            #expect(verify.output == "19 files checked, 0 violations\n")
            let repair = try await fixture.magpie("verify", "pictures", "--repair")
            #expect(repair.code == 11)
            site.release(held)
            #expect(await crawl.result().code == 0)
        }
    }

    @Test func `files deleted and changed behind its back are found and mended`() async throws {
        try await withCrawl { site in
            let names = fixture.pictureFiles
            let before = names.map(fixture.bytes)
            try FileManager.default.removeItem(atPath: "\(fixture.pictures)/\(names[0])")
            try fixture.write("not a picture any more", to: "pictures/\(names[1])")
            try FileManager.default.removeItem(atPath: "\(fixture.pictures)/\(names[2])")
            try FileManager.default.createSymbolicLink(
                atPath: "\(fixture.pictures)/\(names[2])",
                withDestinationPath: "/etc/hostname"
            )

            let found = try await fixture.magpie("verify", "pictures")
            #expect(found.code == 20)
            #expect(found.output.contains("missing file: \(names[0])"))
            #expect(found.output.contains("changed file: \(names[1])"))
            #expect(found.output.contains("missing file: \(names[2])"))
            #expect(found.output.contains("next:   magpie verify pictures --repair"))
            #expect(fixture.bytes(of: names[1]) == Array("not a picture any more".utf8))

            let mended = try await fixture.magpie("verify", "pictures", "--repair")
            #expect(mended.code == 0)
            #expect(mended.output.contains("3 violations, 3 mended"))
            try FileManager.default.removeItem(atPath: "\(fixture.pictures)/\(names[2])")
            #expect(try await fixture.magpie("resume", "pictures").code == 3)
            #expect(names.map(fixture.bytes) == before)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            let aside = fixture.folder.files().filter { $0.contains("set-aside") }
            #expect(aside.count == 1)
        }
    }

    @Test(arguments: [
        ("update tally set tasks = tasks + 1 where kind = 'image' and state = 2", "wrong count"),
        (
            "update image set state = 0, run_id = null, ended_ms = null where id = 1",
            "forgotten task"
        ),
        ("update image set state = 1, ended_ms = null where id = 1", "stray task"),
        ("delete from image where id = 2", "lost discovery"),
    ])
    func `what breaks a guarantee in the database is found and mended`(
        damage: String,
        kind: String
    ) async throws {
        try await withCrawl { _ in
            try await change(damage)
            let found = try await fixture.magpie("verify", "pictures")
            #expect(found.code == 20)
            #expect(found.output.contains(kind), "\(found.output)")
            #expect(try await fixture.magpie("verify", "pictures", "--repair").code == 0)
            #expect(try await fixture.magpie("resume", "pictures").code == 3)
            let again = try await fixture.magpie("verify", "pictures")
            #expect(again.code == 0, "\(again.output)")
            #expect(try await fixture.sql("select count(*) from downloads") == ["9"])
        }
    }

    @Test(arguments: [
        ("delete from attempt", "missing reason"),
        ("update folder set path = '../'", "unsafe path"),
        ("update image set stem = 'a/b' where id = 1", "unsafe path"),
        ("pragma foreign_keys = off; delete from base", "damaged database"),
    ])
    func `what can't be mended is found and left as it is`(
        damage: String,
        kind: String
    ) async throws {
        try await withCrawl { _ in
            try await change(damage)
            let found = try await fixture.magpie("verify", "pictures", "--repair", "--json")
            #expect(found.code == 20)
            let word = kind.replacing(" ", with: "_")
            #expect(found.output.contains("\"kind\":\"\(word)\""), "\(found.output)")
            #expect(try await fixture.magpie("verify", "pictures").code == 20)
        }
    }
}
