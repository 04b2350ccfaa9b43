import CrawlModel
import Crawling
import SampleSite
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct CrawlTests {
    @Test func `a gallery is crawled whole, byte for byte`() async throws {
        try await SampleSite.serve(Gallery(pages: 5)) { site in
            let crawl = CrawlFixture()
            let ending = try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(ending == .finished)
            let expected = site.gallery.items.map { item in
                "\(item.caption)\(site.gallery.picture(of: item).format.suffix)"
            }
            #expect(crawl.pictures() == expected.sorted())
            for item in site.gallery.items {
                let picture = site.gallery.picture(of: item)
                #expect(crawl.bytes(of: item.caption + picture.format.suffix) == picture.bytes)
                #expect(site.ledger.count(item.path) == 1)
            }
            #expect(crawl.parts().isEmpty)
            let totals = "select pages_done, images_done, images_failed, ending from runs"
            #expect(try crawl.rows(totals) == [["5", "100", "0", "finished"]])
            #expect(site.ledger.mostAtOnce <= 33)
        }
    }

    @Test func `a second run asks the server for nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            let crawl = CrawlFixture()
            let recipe = CrawlFixture.recipe(for: site)
            try await crawl.run(recipe)
            let requests = site.ledger.requests.count
            #expect(try await crawl.run(recipe) == .finished)
            #expect(site.ledger.requests.count == requests)
            #expect(try crawl.ask("select images_done from runs order by id") == [40, 0])
            #expect(crawl.pictures().count == 40)
        }
    }

    @Test func `a page without items is done and recorded as such`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            site.route("/empty", to: .html("<!DOCTYPE html><title>nothing</title>"))
            let crawl = CrawlFixture()
            let pages = ["/empty", site.gallery.path(ofPage: 1)]
            try await crawl.run(CrawlFixture.recipe(for: site, pages: pages))
            #expect(
                try crawl.rows("select state, items, new_images from pages order by id")
                    == [["done", "0", "0"], ["done", "20", "20"]]
            )
        }
    }

    @Test func `of two pictures with one caption the second is skipped and names the first`()
        async throws
    {
        let gallery = Gallery(pages: 1, itemsPerPage: 9) { $0 == 4 || $0 == 8 ? "twin" : "\($0)" }
        try await SampleSite.serve(gallery) { site in
            let crawl = CrawlFixture()
            try await crawl.run(CrawlFixture.recipe(for: site))
            let (first, second) = (gallery.items[4], gallery.items[8])
            #expect(
                try crawl.rows("select path, reason, url, owner_url from skips") == [
                    [
                        "twin.jpg", "path_taken", site.address(of: second),
                        site.address(of: first),
                    ]
                ]
            )
            #expect(crawl.bytes(of: "twin.jpg") == gallery.picture(of: first).bytes)
            #expect(site.ledger.count(second.path) == 0)
            #expect(crawl.pictures().count == 8)
        }
    }

    @Test func `rename keeps both pictures of one caption`() async throws {
        let gallery = Gallery(pages: 1, itemsPerPage: 9) { $0 == 4 || $0 == 8 ? "twin" : "\($0)" }
        try await SampleSite.serve(gallery) { site in
            let crawl = CrawlFixture()
            try await crawl.run(CrawlFixture.recipe(for: site, "on_conflict: rename"))
            #expect(crawl.bytes(of: "twin.jpg") == gallery.picture(of: gallery.items[4]).bytes)
            #expect(crawl.bytes(of: "twin (2).jpg") == gallery.picture(of: gallery.items[8]).bytes)
            #expect(try crawl.ask("select count(*) from skips") == [0])
        }
    }
}
