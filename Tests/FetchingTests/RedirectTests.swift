import CrawlModel
import Fetching
import SampleSite
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct RedirectTests {
    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is followed and the last address told`(status: Int) async throws {
        try await SampleSite.serve { site in
            site.fault(.redirect(to: "/b/here?x=1#part", status: status), at: "/a")
            site.route("/b/here?x=1", to: .init(body: Array("there".utf8)))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/a", of: site)
            #expect(fetched.text == "there")
            #expect("\(try #require(fetched.response).address)" == site.address(of: "/b/here?x=1"))
            #expect(fetched.sink.endings == [.finished])
            #expect(site.ledger.connections == 1)
        }
    }

    @Test(
        arguments: [
            ("next", "/dir/sub/next"), ("../up", "/dir/up"), ("?page=2", "/dir/sub/here?page=2"),
            ("/root", "/root"), ("./", "/dir/sub/"), ("/ü x", "/%C3%BC%20x"),
            ("/a/../../b", "/b"), ("\\back", "/back"),
        ]
    )
    func `a relative place is taken from where the redirect came from`(
        location: String,
        target: String
    ) async throws {
        try await SampleSite.serve { site in
            site.fault(.redirect(to: location), at: "/dir/sub/here")
            site.route(target, to: .init(body: Array("there".utf8)))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/dir/sub/here", of: site)
            #expect(fetched.text == "there")
        }
    }

    @Test func `a scheme is the same in any case, and may be left out`() async throws {
        try await SampleSite.serve { site in
            site.route("/there", to: .init(body: Array("there".utf8)))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for begin in ["HTTP:", "hTtP:", ""] {
                site.fault(.redirect(to: "\(begin)//127.0.0.1:\(site.port)/there"), at: "/a")
                #expect(try await fetcher.fetch("/a", of: site).text == "there")
            }
        }
    }

    @Test(
        arguments: [
            "file:///etc/passwd", "FILE:///etc/passwd", "FiLe:/etc/passwd", "ftp://127.0.0.1/x",
            "gopher://127.0.0.1/x", "data:text/plain,x", "javascript:alert(1)", "dict://127.0.0.1/",
            "http:///nowhere", "http://user:secret@127.0.0.1/", "http://127.0.0.1:99999/",
            "http://a b/", "",
        ]
    )
    func `a redirect to anything but a web address fails there`(location: String) async throws {
        try await SampleSite.serve { site in
            site.fault(.redirect(to: location), at: "/a")
            site.fault(.redirect(to: "/a"), at: "/first")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/first", of: site, redirectsMax: 1)
            #expect(fetched.errorClass == .redirect)
            #expect(fetched.failure?.status == 302)
            #expect(fetched.sink.pieces.isEmpty)
            #expect(fetched.sink.endings == [.abandoned])
            #expect(site.ledger.requests.count == 2)
        }
    }

    @Test func `a redirect without a place or with an endless one fails`() async throws {
        try await SampleSite.serve { site in
            site.route("/none", to: .init(status: 302))
            let long = "/" + String(repeating: "x", count: 17_000)
            site.route("/long", to: .init(status: 302, headers: ["Location": long]))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for target in ["/none", "/long"] {
                let failure = try await fetcher.fetch(target, of: site).failure
                #expect(failure?.errorClass == .redirect)
                #expect(failure?.message.contains("names no place") == true)
            }
        }
    }

    @Test func `redirects are counted, and one more than allowed fails`() async throws {
        try await SampleSite.serve { site in
            site.fault(.redirect(to: "/b"), at: "/a")
            site.fault(.redirect(to: "/a"), at: "/b")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for limit in [0, 1, 4] {
                let before = site.ledger.requests.count
                let fetched = try await fetcher.fetch("/a", of: site, redirectsMax: limit)
                #expect(fetched.errorClass == .redirect)
                #expect(fetched.sink.endings == [.abandoned])
                #expect(site.ledger.requests.count - before == limit + 1)
            }
        }
    }

    @Test func `secrets are not carried to another host, and are back at their own`() async throws {
        try await SampleSite.serve(hosts: 2) { site in
            let port = site.port
            site.fault(.redirect(to: "http://127.0.0.2:\(port)/other"), at: "/a")
            site.fault(.redirect(to: "http://127.0.0.1:\(port)/home"), at: "/other")
            site.route("/home", to: .init(body: Array("home".utf8)))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let headers = [
                HeaderField("cookie", "own=1"), HeaderField("Authorization", "Basic x"),
                HeaderField("Referer", "http://a.test/"),
            ]
            let fetched = try await fetcher.fetch("/a", of: site, headers: headers)
            #expect(fetched.text == "home")
            for (target, isHome) in [("/a", true), ("/other", false), ("/home", true)] {
                #expect(site.sent("Cookie", to: target) == [isHome ? "own=1" : nil])
                #expect(site.sent("Authorization", to: target) == [isHome ? "Basic x" : nil])
                #expect(site.sent("Referer", to: target) == ["http://a.test/"])
            }
        }
    }

    @Test func `another port is another place, where secrets do not go`() async throws {
        try await SampleSite.serve { other in
            other.route("/", to: .init(body: Array("there".utf8)))
            try await SampleSite.serve { site in
                site.fault(.redirect(to: other.address(of: "/")), at: "/")
                let fetcher = try Fetcher()
                defer { fetcher.shutdown() }
                let headers = [HeaderField("Cookie", "own=1")]
                #expect(try await fetcher.fetch("/", of: site, headers: headers).text == "there")
                #expect(site.sent("Cookie", to: "/") == ["own=1"])
                #expect(other.sent("Cookie", to: "/") == [nil])
            }
        }
    }

    @Test func `the body of a redirect reaches no sink, however long it is`() async throws {
        try await SampleSite.serve { site in
            let page = [UInt8](repeating: 0x20, count: 100_000)
            site.route("/a", to: .init(status: 302, headers: ["Location": "/b"], body: page))
            site.route("/b", to: .init(body: Array("there".utf8)))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/a", of: site, bodyBytesMax: 10)
            #expect(fetched.text == "there")
            #expect(fetched.response?.bodyBytes == 5)
        }
    }
}
