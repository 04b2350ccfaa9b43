import CrawlModel
import Crawling
import Foundation
import SampleSite
import Storage
import Synchronization
import TestSupport
import Testing

/// What a host says about how it wants to be asked is kept to.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PolitenessTests {
    private let crawl = CrawlFixture()

    @Test(arguments: [1, 2, 5])
    func `no host is asked more at once than the recipe allows`(connections: Int) async throws {
        try await SampleSite.serve(Gallery(pages: 8), hosts: 4) { site in
            let paths = site.gallery.items.map(\.path) + (1...8).map(site.gallery.path(ofPage:))
            for path in paths { site.fault(.delay(.milliseconds(3)), at: path) }
            let more = "politeness: { connections: \(connections) }"
            try await crawl.run(CrawlFixture.recipe(for: site, more))
            #expect(crawl.pictures().count == 160)
            #expect(site.ledger.mostAtOncePerHost.count == 4)
            for (host, most) in site.ledger.mostAtOncePerHost {
                #expect(most <= connections, "\(host)")
            }
        }
    }

    @Test func `pages and pictures of one host share its connections`() async throws {
        try await SampleSite.serve(Gallery(pages: 8)) { site in
            let paths = site.gallery.items.map(\.path) + (1...8).map(site.gallery.path(ofPage:))
            for path in paths { site.fault(.delay(.milliseconds(3)), at: path) }
            let more = "politeness: { connections: 3 }"
            try await crawl.run(CrawlFixture.recipe(for: site, more))
            #expect(crawl.pictures().count == 160)
            #expect(site.ledger.mostAtOnce == 3)
        }
    }

    @Test func `a host that is kept waiting holds up no other`() async throws {
        try await SampleSite.serve(Gallery(pages: 3), hosts: 3) { site in
            let held = site.gallery.items.filter { site.address(of: $0).contains("127.0.0.2") }
            for item in held { site.hold(item.path) }
            let others = site.gallery.items.count - held.count
            async let run = crawl.run(
                CrawlFixture.recipe(for: site, "politeness: { connections: 2 }")
            )
            try await eventually("the others are done") {
                // There is no database at first.
                (try? crawl.ask("select count(*) from image where state = 2")) == [others]
            }
            #expect(held.count { site.ledger.count($0.path) > 0 } == 2)
            for item in held { site.release(item.path) }
            let ending = try await run
            #expect(ending == .finished)
            #expect(crawl.pictures().count == 60)
        }
    }

    @Test func `the delay lies between requests, whatever they are for`() async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 5)) { site in
            let start = crawl.clock.now
            try await crawl.run(CrawlFixture.recipe(for: site, "politeness: { delay: 5s }"))
            #expect(crawl.pictures().count == 10)
            // robots.txt, two pages, ten pictures.
            #expect(crawl.clock.now - start >= .seconds(12 * 5))
        }
    }

    @Test func `a wish to come back later outlives the run that heard it`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let picture = site.gallery.items[2].path
            let later = SampleSite.Fault.status(429, headers: ["Retry-After": "1000"])
            site.fault(.first(1, later), at: picture)
            let stop = StopRequest()
            let isFirst = Mutex(true)
            let waiting = CrawlFixture { duration in
                guard duration > .milliseconds(500), isFirst.withLock({ $0 }) else { return }
                stop.escalate()
                try await Task.sleep(for: .seconds(3600))
            }
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 1 }")
            let first = try await waiting.run(recipe, stop: stop)
            #expect(first == .stopped)
            let until = try waiting.ask("select blocked_until_ms from host", as: Int.self)[0]
            #expect(until >= waiting.clock.now.milliseconds + 990_000)
            let asked = site.ledger.requests.count

            isFirst.withLock { $0 = false }
            let second = try await waiting.run(recipe)
            #expect(second == .finished)
            #expect(waiting.pictures().count == 4)
            #expect(site.ledger.requests.count > asked)
            let run = "select min(ended_ms) from image where run_id = 2"
            #expect(try waiting.ask(run, as: Int.self)[0] >= until)
        }
    }

    @Test func `a refusal of too many requests costs the task no try`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let picture = site.gallery.items[2].path
            site.fault(.first(9, .status(429, headers: ["Retry-After": "3"])), at: picture)
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(crawl.pictures().count == 4)
            #expect(site.ledger.count(picture) == 10)
            #expect(
                try crawl.rows("select tries, attempts from image where id = 3") == [["1", "10"]]
            )
        }
    }

    @Test func `a recipe's tries are those that are made`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let items = site.gallery.items.map(\.path)
            site.fault(.status(500), at: items[0])
            site.fault(.status(404), at: items[1])
            let more = "retries: { http_5xx: 2, http_4xx: { tries: 3, base: 1s } }"
            try await crawl.run(CrawlFixture.recipe(for: site, more))
            #expect(site.ledger.count(items[0]) == 2)
            #expect(site.ledger.count(items[1]) == 3)
        }
    }
}
