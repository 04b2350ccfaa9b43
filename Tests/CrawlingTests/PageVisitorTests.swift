import CrawlModel
import Crawling
import Fetching
import SampleSite
import Synchronization
import TestSupport
import Testing

/// Pages that are tried are asked for as politely as in a crawl.
@Suite(.timeLimit(.minutes(2)))
struct PageVisitorTests {
    @Test func `the delay of a host is kept between robots txt and pages`() async throws {
        try await SampleSite.serve(Gallery(pages: 3)) { site in
            let text = CrawlFixture.recipe(for: site, "politeness: { delay: 700ms }")
            let recipe = try RecipeReader.read(text, file: "test.yaml")
            let clock = ManualClock()
            let waits = Mutex<[Duration]>([])
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            var visitor = PageVisitor(
                recipe: recipe,
                userAgent: "magpie/0",
                fetcher: fetcher,
                surroundings: Surroundings(
                    now: { clock.now },
                    sleep: { duration in
                        clock.advance(by: duration)
                        waits.withLock { $0.append(duration) }
                    },
                    random: { 0 }
                ),
                obeysRobots: true
            )
            for page in 1...3 {
                let address = try WebAddress(site.address(of: site.gallery.path(ofPage: page)))
                let answer = await visitor.visit(address)
                #expect(throws: Never.self) { try answer.get() }
            }
            let seen = waits.withLock(\.self)
            #expect(seen == Array(repeating: .milliseconds(700), count: 3))
            #expect(site.ledger.requests.map(\.target).first == "/robots.txt")
            #expect(site.ledger.requests.count == 4)
        }
    }

    @Test func `a host that wants to be left alone is not asked again`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            let recipe = try RecipeReader.read(CrawlFixture.recipe(for: site), file: "test.yaml")
            let first = site.gallery.path(ofPage: 1)
            let response = SampleSite.Response(
                status: 429,
                headers: ["Retry-After": "60"],
                body: []
            )
            site.route(first, to: response)
            let clock = ManualClock()
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            var visitor = PageVisitor(
                recipe: recipe,
                userAgent: "magpie/0",
                fetcher: fetcher,
                surroundings: Surroundings(now: { clock.now }, sleep: { _ in }, random: { 0 }),
                obeysRobots: false
            )
            let second = try WebAddress(site.address(of: site.gallery.path(ofPage: 2)))
            let asked = await visitor.visit(try WebAddress(site.address(of: first)))
            guard case .failure(let failure) = asked else {
                Issue.record("429 is a failure")
                return
            }
            #expect(failure.errorClass == .http429)
            guard case .failure = await visitor.visit(second) else {
                Issue.record("the second page was asked for all the same")
                return
            }
            #expect(site.ledger.requests.count == 1)
            clock.advance(by: .seconds(61))
            let later = await visitor.visit(second)
            #expect(throws: Never.self) { try later.get() }
        }
    }
}
