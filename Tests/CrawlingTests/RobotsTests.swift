import CrawlModel
import SampleSite
import Storage
import TestSupport
import Testing

/// robots.txt is asked for first, kept to, and kept for a day (RFC 9309).
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RobotsTests {
    private let crawl = CrawlFixture()
    private static let gallery = Gallery(pages: 2, itemsPerPage: 6)

    /// Three pictures and the second page.
    private static let forbidden =
        gallery.items.prefix(3).map(\.path) + [gallery.path(ofPage: 2)]

    private static let rules =
        "User-agent: *\nDisallow: /\n\nUser-agent: magpie\n"
        + forbidden.map { "Disallow: \($0)\n" }.joined()

    private static func text(_ text: String, status: Int = 200) -> SampleSite.Response {
        SampleSite.Response(
            status: status,
            headers: ["Content-Type": "text/plain"],
            body: Array(text.utf8)
        )
    }

    private func expectObeyed(_ site: SampleSite) throws {
        for path in Self.forbidden { #expect(site.ledger.count(path) == 0, "\(path)") }
        #expect(crawl.pictures().count == 3)
        #expect(try crawl.ask("select count(*) from skips where reason = 'robots'") == [3])
        let pages = try crawl.rows("select state, coalesce(error_class, '') from pages order by id")
        #expect(pages == [["done", ""], ["skipped", "robots"]])
        #expect(try crawl.ask("select count(*) from failures") == [0])
    }

    @Test func `what robots txt forbids is skipped and never asked for`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules))
            let recipe = CrawlFixture.recipe(for: site)
            try await crawl.run(recipe)
            try expectObeyed(site)
            #expect(site.ledger.requests.first?.target == "/robots.txt")
            #expect(site.ledger.count("/robots.txt") == 1)
            #expect(try crawl.ask("select robots_status from hosts") == [200])
            #expect(try crawl.ask("select robots from hosts") == [Self.rules])

            try await crawl.run(recipe)
            #expect(site.ledger.count("/robots.txt") == 1)
        }
    }

    @Test func `a recipe may ignore it`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules))
            try await crawl.run(CrawlFixture.recipe(for: site, "robots: ignore"))
            #expect(site.ledger.count("/robots.txt") == 0)
            #expect(crawl.pictures().count == 12)
        }
    }

    @Test(arguments: [400, 401, 403, 404, 410, 451])
    func `a host without one allows everything`(status: Int) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules, status: status))
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(crawl.pictures().count == 12)
            #expect(try crawl.ask("select robots_status from hosts") == [status])
        }
    }

    @Test(arguments: [500, 503, 429])
    func `while it can't be had the host's tasks wait, and do not fail`(status: Int) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules))
            site.fault(.first(3, .status(status)), at: "/robots.txt")
            let start = crawl.clock.now
            try await crawl.run(CrawlFixture.recipe(for: site))
            try expectObeyed(site)
            #expect(site.ledger.count("/robots.txt") == 4)
            #expect(crawl.clock.now - start >= .seconds(10 + 30 + 90))
            #expect(
                try crawl.ask("select count(*) from attempt where error_class <> 'robots'") == [0]
            )
        }
    }

    @Test(arguments: [429, 503])
    func `a wish to come back later is heard from robots txt, too`(status: Int) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules))
            let later = SampleSite.Fault.status(status, headers: ["Retry-After": "1200"])
            site.fault(.first(1, later), at: "/robots.txt")
            let start = crawl.clock.now
            try await crawl.run(CrawlFixture.recipe(for: site))
            try expectObeyed(site)
            #expect(crawl.clock.now - start >= .seconds(1200))

            // With rules that are there, too.
            crawl.clock.advance(by: .seconds(90_000))
            site.fault(.first(1, later), at: "/robots.txt")
            let again = crawl.clock.now
            let pages = ["/photo/list/?page=1&again"]
            site.route(pages[0], to: .html(CrawlFixture.page([])))
            try await crawl.run(CrawlFixture.recipe(for: site, pages: pages))
            #expect(site.ledger.count(pages[0]) == 1)
            #expect(crawl.clock.now - again >= .seconds(1200))
        }
    }

    @Test func `where it can never be had nothing is asked for, and the crawl ends`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.fault(.status(503), at: "/robots.txt")
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(site.ledger.requests.allSatisfy { $0.target == "/robots.txt" })
            #expect(site.ledger.requests.count == HostBreaker.waits.count + 1)
            let failures = try crawl.rows("select error_class, attempts from failures")
            #expect(failures == [["http_5xx", "1"], ["http_5xx", "1"]])
            #expect(try crawl.ask("select state from hosts") == ["given_up"])

            // The next run tries once more; what was given up is there by retry.
            site.fault(nil, at: "/robots.txt")
            try await crawl.run(CrawlFixture.recipe(for: site)) { store in
                _ = try await store.retry(.init())
            }
            #expect(crawl.pictures().count == 12)
            #expect(try crawl.ask("select state from hosts") == ["open"])
        }
    }

    @Test func `redirects are followed to where it is`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            for hop in 1...4 { site.fault(.redirect(to: "/r\(hop + 1)"), at: "/r\(hop)") }
            site.fault(.redirect(to: "/r1"), at: "/robots.txt")
            site.route("/r5", to: Self.text(Self.rules))
            try await crawl.run(CrawlFixture.recipe(for: site))
            try expectObeyed(site)
        }
    }

    @Test func `redirects that lead nowhere are as good as no robots txt`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.fault(.redirect(to: "/robots.txt"), at: "/robots.txt")
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(site.ledger.count("/robots.txt") == 6)
            #expect(crawl.pictures().count == 12)
        }
    }

    @Test func `of an endless one the beginning counts`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules + "\n"))
            site.fault(.endless, at: "/robots.txt")
            try await crawl.run(CrawlFixture.recipe(for: site))
            try expectObeyed(site)
        }
    }

    @Test func `it is had anew after a day, and an old one holds while it can't be`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            site.route("/robots.txt", to: Self.text(Self.rules))
            let first = CrawlFixture.recipe(for: site, pages: [Self.gallery.path(ofPage: 2)])
            try await crawl.run(first)
            #expect(crawl.pictures().isEmpty)

            crawl.clock.advance(by: .seconds(90_000))
            site.fault(.status(503), at: "/robots.txt")
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(site.ledger.count("/robots.txt") == 2)
            for path in Self.forbidden { #expect(site.ledger.count(path) == 0, "\(path)") }
            #expect(crawl.pictures().count == 3)
        }
    }

    @Test func `the delay it asks for lies between requests`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 5)) { site in
            site.route("/robots.txt", to: Self.text("User-agent: *\nCrawl-delay: 20"))
            let start = crawl.clock.now
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(crawl.pictures().count == 5)
            #expect(crawl.clock.now - start >= .seconds(5 * 20))
            #expect(try crawl.ask("select crawl_delay_ms from hosts") == [20_000])
        }
    }

    @Test func `a delay beyond all patience is cut`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 2)) { site in
            site.route("/robots.txt", to: Self.text("User-agent: *\nCrawl-delay: 1000000"))
            let more = "politeness: { longest_wait: 10m }"
            try await crawl.run(CrawlFixture.recipe(for: site, more))
            #expect(crawl.pictures().count == 2)
            #expect(try crawl.ask("select crawl_delay_ms from hosts") == [600_000])
        }
    }
}
