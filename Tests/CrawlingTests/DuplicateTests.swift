import CrawlModel
import Foundation
import SampleSite
import Storage
import Testing

/// Pictures with the same bytes, of which the recipe wants one.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DuplicateTests {
    /// Serves a gallery in which some items have the picture of item 4; all have the same format.
    private func serve(
        pages: Int = 1,
        copies: [Int] = [8, 12],
        caption: (Int) -> String = Gallery.caption,
        _ body: (SampleSite) async throws -> Void
    ) async throws {
        try await SampleSite.serve(Gallery(pages: pages, caption: caption)) { site in
            let items = site.gallery.items
            for copy in copies {
                site.route(items[copy].path, to: .picture(site.gallery.picture(of: items[4])))
            }
            try await body(site)
        }
    }

    /// How many names a file has.
    private func names(of path: String, _ crawl: CrawlFixture) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(
            atPath: "\(crawl.folder.path)/\(path)"
        )
        return attributes[.referenceCount] as? Int ?? 0
    }

    private func expectNoViolations(
        _ crawl: CrawlFixture,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let violations = try CrawlReader(crawl.folder).violations()
        #expect(violations.isEmpty, "\(violations)", sourceLocation: sourceLocation)
    }

    @Test func `equal pictures are names of one file, also when they come in another run`()
        async throws
    {
        try await serve(pages: 2, copies: [8, 12, 24]) { site in
            let gallery = site.gallery
            let crawl = CrawlFixture()
            let first = [gallery.path(ofPage: 1)]
            try await crawl.run(
                CrawlFixture.recipe(for: site, pages: first, "duplicates: hardlink")
            )
            let bytes = gallery.picture(of: gallery.items[4]).bytes
            let found = try CrawlReader(crawl.folder).status().duplicates
            #expect(found.map(\.how) == ["linked"])
            #expect(found.map(\.tasks) == [2])
            #expect(found.map(\.bytes) == [2 * bytes.count])

            try await crawl.run(CrawlFixture.recipe(for: site, "duplicates: hardlink"))
            #expect(
                try crawl.rows("select how, count(*), count(distinct owner_id) from duplicates")
                    == [["linked", "3", "1"]]
            )
            for path in try crawl.ask("select path from downloads", as: String.self) {
                let isCopy = crawl.bytes(of: path) == bytes
                #expect(try names(of: path, crawl) == (isCopy ? 4 : 1), "\(path)")
            }
            #expect(crawl.pictures().count == 40)
            #expect(crawl.parts().isEmpty)
            try expectNoViolations(crawl)
        }
    }

    @Test func `unless a recipe says otherwise every picture has a file of its own`() async throws {
        try await serve { site in
            let crawl = CrawlFixture()
            try await crawl.run(CrawlFixture.recipe(for: site))
            for path in crawl.pictures() { #expect(try names(of: path, crawl) == 1) }
            #expect(crawl.pictures().count == 20)
            #expect(try crawl.ask("select count(*) from duplicates") == [0])
            #expect(
                try crawl.ask("select count(*) from sqlite_schema where name = 'image_digest'")
                    == [0]
            )
        }
    }

    @Test func `a duplicate is skipped and names the first, and comes back when that is forgotten`()
        async throws
    {
        try await serve { site in
            let crawl = CrawlFixture()
            let recipe = CrawlFixture.recipe(for: site, "duplicates: skip")
            try await crawl.run(recipe)
            #expect(crawl.pictures().count == 18)
            #expect(crawl.parts().isEmpty)
            let owner = try crawl.ask("select distinct owner_id from skips", as: Int64.self)
            #expect(
                try crawl.rows("select reason, owner_id, count(*) from skips group by 1, 2")
                    == [["duplicate", "\(owner[0])", "2"]]
            )
            let path = try crawl.ask(
                "select path from downloads where id = \(owner[0])",
                as: String.self
            )
            #expect(
                try crawl.ask("select distinct message from skips")
                    == ["image \(owner[0]) has the same bytes: \(path[0])"]
            )
            try expectNoViolations(crawl)
            let asked = site.ledger.requests.count
            try await crawl.run(recipe)
            #expect(site.ledger.requests.count == asked)

            try await crawl.run(recipe) { store in
                var selection = HistorySelection()
                selection.path = path[0]
                let forgotten = try await store.forget(selection)
                #expect(forgotten == 1)
                #expect(store.tally.tasks(.image, .ready) == 2)
            }
            #expect(site.ledger.requests.count == asked + 2)
            #expect(
                try crawl.rows("select reason, owner_id <> \(owner[0]) from skips")
                    == [["duplicate", "1"]]
            )
            #expect(try crawl.ask("select count(*) from downloads") == [18])
            #expect(try CrawlReader(crawl.folder).status().duplicates.map(\.tasks) == [1])
            try expectNoViolations(crawl)

            try await crawl.run(recipe) { store in
                var selection = HistorySelection()
                selection.states = [.skipped]
                let forgotten = try await store.forget(selection)
                #expect(forgotten == 1)
            }
            #expect(try CrawlReader(crawl.folder).status().duplicates.isEmpty)
            try expectNoViolations(crawl)
        }
    }

    @Test func `the path of a skipped duplicate goes to whoever was skipped because of it`()
        async throws
    {
        func caption(_ index: Int) -> String {
            [8, 16].contains(index) ? "twin" : Gallery.caption(index)
        }
        try await serve(copies: [8], caption: caption) { site in
            let crawl = CrawlFixture()
            let order = "duplicates: skip\nworkers: { pages: 1, images: 1 }"
            try await crawl.run(CrawlFixture.recipe(for: site, order))
            #expect(
                try crawl.rows("select id, reason, owner_id from skips") == [
                    ["9", "duplicate", "5"]
                ]
            )
            let twin = try crawl.ask("select path from downloads where id = 17", as: String.self)
            #expect(twin.map { $0.hasPrefix("twin.") } == [true])
            let bytes = site.gallery.picture(of: site.gallery.items[16]).bytes
            #expect(crawl.bytes(of: twin[0]) == bytes)
            try expectNoViolations(crawl)
        }
    }

    @Test(arguments: ["hardlink", "skip"])
    func `a picture is kept whole if the file of the first is gone or was changed`(_ rule: String)
        async throws
    {
        try await serve(pages: 3, copies: [24, 44]) { site in
            let gallery = site.gallery
            let crawl = CrawlFixture()
            func run(_ pages: Int) async throws {
                let targets = (1...pages).map(gallery.path(ofPage:))
                try await crawl.run(
                    CrawlFixture.recipe(for: site, pages: targets, "duplicates: \(rule)")
                )
            }
            try await run(1)
            let first = try crawl.ask("select path from downloads where id = 5", as: String.self)
            let file = "\(crawl.folder.path)/\(first[0])"
            try FileManager.default.removeItem(atPath: file)
            try await run(2)
            try Data("my own".utf8).write(to: URL(fileURLWithPath: file))
            try await run(3)
            #expect(
                try crawl.rows("select id, how, reason, owner_id from duplicates order by id")
                    == [
                        ["25", "kept", "the file of the first one is gone", "5"],
                        ["45", "kept", "the file of the first one was changed", "5"],
                    ]
            )
            let bytes = gallery.picture(of: gallery.items[4]).bytes
            for path in try crawl.ask(
                "select path from downloads where id in (25, 45)",
                as: String.self
            ) {
                #expect(crawl.bytes(of: path) == bytes)
                #expect(try names(of: path, crawl) == 1)
            }
            #expect(crawl.bytes(of: first[0]) == Array("my own".utf8))
        }
    }
}
