import CrawlModel
import Fetching
import SampleSite
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct CookieTests {
    @Test func `cookies are kept between requests, whatever handle serves them`() async throws {
        try await SampleSite.serve { site in
            site.route("/in", to: .init(headers: ["Set-Cookie": "session=1; Path=/"]))
            site.route("/page", to: .init())
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            _ = try await fetcher.fetch("/in", of: site)
            _ = try await fetcher.fetch("/page", of: site)
            // While the first handle is busy, another one is needed.
            site.hold("/page")
            async let one = fetcher.fetch("/page", of: site)
            async let other = fetcher.fetch("/page", of: site)
            try await site.requested("/page", times: 3)
            site.release("/page")
            _ = try await (one, other)
            #expect(site.sent("Cookie", to: "/page") == ["session=1", "session=1", "session=1"])
        }
    }

    @Test func `cookies stay with the host that set them`() async throws {
        try await SampleSite.serve(hosts: 2) { site in
            let set: SampleSite.Headers = [
                "Set-Cookie": "session=1; Path=/",
                "set-cookie": "wide=1; Path=/; Domain=127.0.0.2",
            ]
            site.route("/", to: .init(headers: set))
            site.route("/page", to: .init())
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            _ = try await fetcher.fetch("/", of: site)
            _ = try await fetcher.fetch("/page", of: site, host: 1)
            _ = try await fetcher.fetch("/page", of: site, host: 0)
            #expect(site.sent("Cookie", to: "/page") == [nil, "session=1"])
        }
    }

    @Test func `a cookie of one's own goes along with those of the jar`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(headers: ["Set-Cookie": "session=1; Path=/"]))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let own = [HeaderField("Cookie", "own=1"), HeaderField("cookie", "more=2")]
            for _ in 1...2 { _ = try await fetcher.fetch("/", of: site, headers: own) }
            #expect(site.sent("Cookie", to: "/") == ["own=1; more=2", "session=1; own=1; more=2"])
        }
    }

    @Test func `two fetchers share no cookies`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(headers: ["Set-Cookie": "session=1; Path=/"]))
            for _ in 1...2 {
                let fetcher = try Fetcher()
                defer { fetcher.shutdown() }
                _ = try await fetcher.fetch("/", of: site)
            }
            #expect(site.sent("Cookie", to: "/") == [nil, nil])
        }
    }

    @Test func `a jar that a site fills without end is emptied`() async throws {
        try await SampleSite.serve { site in
            // curl takes 50 of one answer.
            let answers = 61
            for answer in 1...answers {
                var headers: SampleSite.Headers = [:]
                for number in 1...50 { headers.add("Set-Cookie", "c\(answer)x\(number)=1; Path=/") }
                site.route("/\(answer)", to: .init(headers: headers))
            }
            site.route("/page", to: .init())
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for answer in 1..<answers { _ = try await fetcher.fetch("/\(answer)", of: site) }
            _ = try await fetcher.fetch("/page", of: site)
            _ = try await fetcher.fetch("/\(answers)", of: site)
            _ = try await fetcher.fetch("/page", of: site)
            let sent = site.sent("Cookie", to: "/page")
            #expect(sent.first??.isEmpty == false)
            #expect(sent.last == .some(nil))
        }
    }
}
