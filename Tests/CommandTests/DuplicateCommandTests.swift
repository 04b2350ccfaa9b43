import Foundation
import SampleSite
import TestSupport
import Testing

/// Pictures that share their bytes, when something happens to them.
@Suite(.timeLimit(.minutes(2)))
struct DuplicateCommandTests {
    private let fixture = CommandFixture()

    /// Crawls a gallery in which items 8 and 12 have the picture of item 4.
    private func withCrawl(
        _ rule: String,
        _ body: (SampleSite, RunningProgram.Result) async throws -> Void
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let items = site.gallery.items
            for copy in [8, 12] {
                site.route(items[copy].path, to: .picture(site.gallery.picture(of: items[4])))
            }
            try fixture.writeRecipe(of: site, "duplicates: \(rule)")
            let crawl = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(crawl.code == 0, "\(crawl.errors)")
            try await body(site, crawl)
        }
    }

    private func paths() async throws -> [String] {
        try await fixture.sql("select path from downloads where id in (5, 9, 13) order by id")
    }

    @Test func `a change through one name of a file is found in all, and mended in each`()
        async throws
    {
        try await withCrawl("hardlink") { site, crawl in
            let bytes = site.gallery.picture(of: site.gallery.items[4]).bytes
            #expect(crawl.output.contains("  duplicates: 2 linked; "))
            let names = try await paths()
            try fixture.write("changed", to: "pictures/\(names[0])")
            let found = try await fixture.magpie("verify", "pictures")
            #expect(found.code == 20)
            for name in names { #expect(found.output.contains("changed file: \(name)")) }

            _ = try await fixture.magpie("verify", "pictures", "--repair")
            #expect(try await fixture.sql("select count(*) from duplicates") == ["0"])
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            for name in names { #expect(fixture.bytes(of: name) == bytes) }
            // What was set aside shares its bytes, too, and nothing was written through it.
            for id in [5, 9, 13] {
                let aside = fixture.bytes(of: ".magpie/set-aside/\(id)")
                #expect(aside == Array("changed".utf8))
            }
            #expect(try await fixture.sql("select how from duplicates") == ["linked", "linked"])
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    @Test func `one name of a file that was replaced is mended without touching the others`()
        async throws
    {
        try await withCrawl("hardlink") { site, _ in
            let names = try await paths()
            let path = "\(fixture.pictures)/\(names[1])"
            try FileManager.default.removeItem(atPath: path)
            try fixture.write("changed", to: "pictures/\(names[1])")
            _ = try await fixture.magpie("verify", "pictures", "--repair")
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.referenceCount] as? Int == 3)
            #expect(fixture.bytes(of: ".magpie/set-aside/9") == Array("changed".utf8))
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    @Test func `when the first picture is lost the skipped ones are fetched`() async throws {
        try await withCrawl("skip") { site, crawl in
            #expect(crawl.output.contains("skipped  duplicate: 2 (another picture has the same"))
            let status = try await fixture.magpie("status", "pictures", "--json")
            #expect(status.output.contains("\"duplicates\":{"))
            let path = try await paths()[0]
            try FileManager.default.removeItem(atPath: "\(fixture.pictures)/\(path)")
            #expect(
                try await fixture.magpie("requeue", "pictures", "--missing").output
                    .contains("1 picture ready again")
            )
            #expect(try await fixture.sql("select count(*) from image where state = 0") == ["3"])
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            #expect(try await fixture.sql("select how from duplicates") == ["skipped", "skipped"])
            #expect(try await fixture.magpie("verify", "pictures").code == 0)

            // A row that points nowhere, by a shell.
            let database = fixture.folder.path("pictures/magpie.db")
            let change = "delete from duplicate where rowid = (select min(rowid) from duplicate)"
            #expect(try await RunningProgram("sqlite3", [database, change]).result().code == 0)
            let found = try await fixture.magpie("verify", "pictures")
            #expect(found.code == 20)
            #expect(found.output.contains("lost owner: http"))
            _ = try await fixture.magpie("verify", "pictures", "--repair")
            #expect(try await fixture.sql("select count(*) from image where state = 0") == ["1"])
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }
}
