import CrawlModel
import Crawling
import SampleSite
import Testing

/// Pages that are strange, large, or made to be hard to read.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct HostilePageTests {
    private let crawl = CrawlFixture()

    @Test func `a pattern that backtracks for ever fails its page only`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let line = String(repeating: "x", count: 5000)
            // PCRE2 looks first whether what every match must have is there at all.
            let bait = #"<img data-original="/x.png">"#
            site.route("/evil", to: .html("<!DOCTYPE html><p>\(line)</p>\(bait)"))
            try await crawl.run(
                """
                pages:
                  - "\(site.address(of: "/evil"))"
                  - "\(site.address(of: site.gallery.path(ofPage: 1)))"
                item:
                  regex: '(?:(?:x+x+)+y)?data-original="(?<image>[^"]*)"'

                """
            )
            let pages = try crawl.rows(
                "select state, error_class, items from pages order by id"
            )
            #expect(pages == [["failed", "extraction", "-"], ["done", "-", "4"]])
            #expect(crawl.pictures().count == 4)
        }
    }

    @Test func `a page with 50,000 links to one page leads there once`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let next = site.gallery.path(ofPage: 1)
            let links = String(repeating: "<a rel=next href='\(next)'>x</a>", count: 50_000)
            site.route("/many", to: .html("<!DOCTYPE html>\(links)"))
            let recipe = CrawlFixture.recipe(
                for: site,
                pages: ["/many"],
                #"next: "a[rel=next]::attr(href)""#
            )
            try await crawl.run(recipe)
            #expect(site.ledger.count(next) == 1)
            #expect(try crawl.rows("select state from pages") == [["done"], ["done"]])
            #expect(crawl.pictures().count == 4)
        }
    }

    @Test func `pages that lead to each other are each read once`() async throws {
        try await SampleSite.serve(Gallery(pages: 3, itemsPerPage: 2)) { site in
            // The gallery's links lead back and forth.
            let recipe = CrawlFixture.recipe(
                for: site,
                pages: [site.gallery.path(ofPage: 1)],
                #"next: "link[rel=next]::attr(href), link[rel=prev]::attr(href)""#
            )
            try await crawl.run(recipe)
            for page in 1...3 { #expect(site.ledger.count(site.gallery.path(ofPage: page)) == 1) }
            #expect(crawl.pictures().count == 6)
        }
    }

    @Test func `NUL bytes and what is no UTF-8 cost the items around them nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let spoilt: [UInt8] = [0, 0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0, 0xF8, 0x1B]
            let items = site.gallery.items.map {
                [UInt8](CrawlFixture.page([($0.path, $0.caption)]).utf8)
            }
            site.route(
                site.gallery.path(ofPage: 1),
                to: .init(
                    headers: ["Content-Type": "text/html"],
                    body: items.flatMap { $0 + spoilt }
                )
            )
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(try crawl.rows("select state, items from pages") == [["done", "4"]])
            #expect(crawl.pictures().count == 4)
        }
    }

    @Test func `a caption of 10 MB makes a short name`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let caption = String(repeating: "long", count: 2_500_000)
            let item = (site.gallery.items[1].path, caption)
            site.route("/long", to: .html(CrawlFixture.page([item])))
            let pages = ["/long", site.gallery.path(ofPage: 1)]
            try await crawl.run(CrawlFixture.recipe(for: site, pages: pages))
            #expect(try crawl.ask("select count(*) from failures") == [0])
            #expect(crawl.pictures().count == 4)
            #expect(crawl.pictures().allSatisfy { $0.utf8.count <= 255 })
        }
    }

    @Test func `a page that is a picture, or empty, is done without items`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            site.route("/picture", to: .picture(site.gallery.picture(of: site.gallery.items[0])))
            site.route("/empty", to: .init())
            let pages = ["/picture", "/empty", site.gallery.path(ofPage: 1)]
            try await crawl.run(CrawlFixture.recipe(for: site, pages: pages))
            #expect(
                try crawl.rows("select state, items from pages order by id")
                    == [["done", "0"], ["done", "0"], ["done", "4"]]
            )
            #expect(crawl.pictures().count == 4)
        }
    }

    @Test func `a picture with a wrong suffix gets the right one`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4) { "picture-\($0)" }) { site in
            let items = site.gallery.items
            let (jpeg, png) = (
                site.gallery.picture(of: items[0]), site.gallery.picture(of: items[1])
            )
            site.route(items[0].path, to: .picture(png))
            site.route(items[1].path, to: .picture(jpeg))
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(crawl.bytes(of: "picture-0.png") == png.bytes)
            #expect(crawl.bytes(of: "picture-1.jpg") == jpeg.bytes)
            #expect(
                try crawl.ask("select path from downloads order by id limit 2", as: String.self)
                    == ["picture-0.png", "picture-1.jpg"]
            )
            #expect(crawl.pictures().count == 4)
        }
    }

    @Test func `an address that leads to a picture already there asks for it again but keeps both`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4) { "picture-\($0)" }) { site in
            let items = site.gallery.items
            site.fault(.redirect(to: items[1].path), at: items[0].path)
            try await crawl.run(CrawlFixture.recipe(for: site))
            let picture = site.gallery.picture(of: items[1])
            #expect(crawl.bytes(of: "picture-0.png") == picture.bytes)
            #expect(crawl.bytes(of: "picture-1.png") == picture.bytes)
        }
    }
}
