import CrawlModel
import Crawling
import Extraction
import SampleSite
import Storage
import Testing

/// Pages whose bodies are kept, and read again.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct KeepPagesTests {
    private func recipe(_ site: SampleSite, each: String, _ more: String) -> String {
        """
        pages: "\(site.address(of: "/photo/list/?page={1..3}"))"
        item: { each: "\(each)", image: "img::attr(src)", name: "p::text" }
        timeout: 300s
        \(more)

        """
    }

    /// Serves three pages; each has two pictures of class `old` and one of class `new`.
    private func serve(_ body: (SampleSite) async throws -> Void) async throws {
        try await SampleSite.serve(Gallery(pages: 3, itemsPerPage: 3)) { site in
            for number in 1...3 {
                let items = site.gallery.items(onPage: number).enumerated().map { place, item in
                    """
                    <div class=\(place == 2 ? "new" : "old")><img src='../..\(item.path)'>\
                    <p>\(item.caption)</p></div>
                    """
                }
                let page = site.gallery.path(ofPage: number)
                site.route(page, to: .html("<meta charset=utf-8>" + items.joined()))
            }
            try await body(site)
        }
    }

    /// Reads the kept pages again, as `magpie reextract` does.
    private func reextract(
        _ crawl: CrawlFixture,
        _ recipe: String
    ) async throws -> Reextraction.Counts {
        let compiled = try RecipeReader.read(recipe, file: "test.yaml")
        let extractor = try Extractor(recipe: compiled)
        var counts: Reextraction.Counts?
        try await crawl.withStore(recipe) { store in
            counts = try await Reextraction(
                crawl.folder,
                recipe: compiled,
                extractor: extractor,
                store: store
            ).run { address, error in Issue.record("\(address): \(error)") }
        }
        return try #require(counts)
    }

    @Test func `a changed recipe finds more on kept pages, and asks for no page again`()
        async throws
    {
        try await serve { site in
            let crawl = CrawlFixture()
            try await crawl.run(recipe(site, each: ".old", "keep_pages: true"))
            #expect(try crawl.ask("select count(*) from downloads") == [6])
            #expect(
                try crawl.rows(
                    "select id, http_status, bytes > 100, kept_bytes < bytes from bodies"
                )
                    == [["1", "200", "1", "1"], ["2", "200", "1", "1"], ["3", "200", "1", "1"]]
            )
            let asked = site.ledger.requests.count
            let changed = recipe(site, each: ".old, .new", "keep_pages: true")
            let counts = try await reextract(crawl, changed)
            #expect(counts.pages == 3)
            #expect(counts.items == 9)
            #expect(counts.newImages == 3)
            #expect(try await reextract(crawl, changed).newImages == 0)
            #expect(site.ledger.requests.count == asked)
            #expect(
                try crawl.rows("select items, new_images from pages where id = 2") == [["3", "3"]]
            )

            try await crawl.run(changed)
            #expect(site.ledger.requests.count == asked + 3)
            #expect(try crawl.ask("select count(*) from downloads") == [9])
            #expect(crawl.pictures().count == 9)
            let violations = try CrawlReader(crawl.folder).violations()
            #expect(violations.isEmpty)
        }
    }

    @Test func `without the recipe's word no page is kept`() async throws {
        try await serve { site in
            let crawl = CrawlFixture()
            try await crawl.run(recipe(site, each: ".old", ""))
            #expect(try crawl.ask("select count(*) from bodies") == [0])
            let counts = try await reextract(crawl, recipe(site, each: ".new", ""))
            #expect(counts.pages == 0)
            #expect(try crawl.ask("select count(*) from image") == [6])
        }
    }

    @Test func `a page that is read again replaces its body`() async throws {
        try await serve { site in
            let crawl = CrawlFixture()
            let recipe = recipe(site, each: ".none", "keep_pages: true")
            try await crawl.run(recipe)
            let page = site.gallery.path(ofPage: 2)
            site.route(page, to: .html("<p>moved"))
            try await crawl.run(recipe) { store in
                let selection = RetrySelection(kinds: [.page], classes: [.extraction])
                let ready = try await store.retry(selection)
                #expect(ready == [.page: 3])
            }
            #expect(try crawl.ask("select bytes from bodies where id = 2") == [8])
            let kept = try CrawlReader(crawl.folder).keptPages(after: 1, limit: 1)
            let body = try #require(kept.first?.body)
            let bytes = try Packing.unpacked(body.packed, length: body.bytes)
            #expect(bytes == Array("<p>moved".utf8))
        }
    }

    @Test func `a page that is read again when none is to be kept has no old body`() async throws {
        try await serve { site in
            let crawl = CrawlFixture()
            try await crawl.run(recipe(site, each: ".old", "keep_pages: true"))
            #expect(try crawl.ask("select count(*) from bodies") == [3])
            site.fault(.status(404), at: site.gallery.path(ofPage: 2))
            try await crawl.run(recipe(site, each: ".old", "")) {
                _ = try await $0.refreshPages()
            }
            // What could not be read again is as it was.
            #expect(try crawl.ask("select page_id from page_body") == [2])
        }
    }
}
