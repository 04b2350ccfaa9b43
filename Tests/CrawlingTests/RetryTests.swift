import CrawlModel
import Crawling
import SampleSite
import Storage
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct RetryTests {
    private let crawl = CrawlFixture()

    @Test func `what fails for a while is tried again, later each time, and done in the end`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 4)) { site in
            let (page, picture) = (site.gallery.path(ofPage: 2), site.gallery.items[2].path)
            site.fault(.first(4, .status(503)), at: picture)
            site.fault(.first(2, .status(500)), at: page)
            let more = "retries: { http_5xx: { jitter: 0.5 } }"
            try await crawl.run(CrawlFixture.recipe(for: site, more))
            #expect(crawl.pictures().count == 8)
            #expect(site.ledger.count(picture) == 5)
            #expect(try crawl.ask("select attempts from image where id = 3") == [5])
            #expect(try crawl.ask("select attempts from page where id = 2") == [3])
            #expect(try crawl.ask("select tries_failed from runs") == [6])
            let times = try crawl.ask(
                "select ended_ms from attempt where kind = 'image' order by number",
                as: Int.self
            )
            // Half of 2 s, 4 s and 8 s at least.
            let waits = zip(times.dropFirst(), times).map { $0 - $1 }
            #expect(zip(waits, [1000, 2000, 4000]).allSatisfy { $0 >= $1 }, "\(waits)")
        }
    }

    @Test func `what failed for good is not asked for again until it is retried`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let picture = site.gallery.items[2].path
            site.fault(.status(404), at: picture)
            let recipe = CrawlFixture.recipe(for: site)
            for _ in 1...2 { try await crawl.run(recipe) }
            #expect(site.ledger.count(picture) == 1)
            site.fault(nil, at: picture)
            try await crawl.run(recipe) { store in _ = try await store.retry(.init()) }
            #expect(site.ledger.count(picture) == 2)
            #expect(site.ledger.requests.count == 7)
            #expect(crawl.pictures().count == 4)
            #expect(try crawl.ask("select count(*) from failures") == [0])
            #expect(try crawl.ask("select number from attempts where task_id = 3") == [1, 2])
        }
    }

    @Test func `a host that is gone holds up no other`() async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 20)) { site in
            let items = (0..<50).map { ("http://127.0.0.1:1/\($0).png", "gone \($0)") }
            site.route("/gone", to: .html(CrawlFixture.page(items)))
            let pages = ["/gone"] + (1...2).map(site.gallery.path(ofPage:))
            let recipe = CrawlFixture.recipe(for: site, pages: pages, "workers: { images: 2 }")
            try await crawl.run(recipe)
            #expect(crawl.pictures().count == 40)
            #expect(
                try crawl.rows("select error_class, count(*), sum(attempts) from failures")
                    == [["connect", "50", "50"]]
            )
        }
    }

    @Test func `retries that fall due one after the other are claimed together`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 300)) { site in
            for item in site.gallery.items { site.fault(.first(3, .status(500)), at: item.path) }
            let waits = Atomic<Int>(0)
            let waiting = CrawlFixture { duration in
                // The committer's patience is no such wait.
                if duration != .milliseconds(10) { waits.add(1, ordering: .relaxed) }
            }
            try await waiting.run(CrawlFixture.recipe(for: site))
            #expect(try waiting.ask("select sum(attempts) from downloads") == [1200])
            // They are due within 1, 2 and 4 seconds.
            #expect(waits.load(ordering: .relaxed) < 300)
        }
    }

    @Test func `pages are read on although more pictures wait than are read ahead`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            // More than the 2,000 beyond which no page is claimed, none of which ever comes.
            let items = (0..<2100).map { ("http://127.0.0.1:1/\($0).png", "gone \($0)") }
            site.route("/gone", to: .html(CrawlFixture.page(items)))
            // More pages in between than are claimed in advance.
            let between = (1...20).map { "/between/\($0)" }
            for page in between { site.route(page, to: .html(CrawlFixture.page([]))) }
            let pages = ["/gone"] + between + [site.gallery.path(ofPage: 1)]
            let more = "workers: { pages: 1, images: 20 }"
            try await crawl.run(CrawlFixture.recipe(for: site, pages: pages, more))
            #expect(crawl.pictures().count == 4)
            #expect(try crawl.ask("select count(*) from failures") == [2100])
        }
    }
}
