import CrawlModel
import Fetching
import Foundation
import SampleSite
import TestSupport
import Testing

/// Proxies, logins, cookies and certificates: what goes where, and where it must not go.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ConnectionTests {
    private static func fetcher(_ change: (inout FetchSettings) throws -> Void) throws -> Fetcher {
        var settings = FetchSettings()
        try change(&settings)
        return try Fetcher(settings)
    }

    private static func basic(_ login: String) -> String {
        "Basic \(Data(login.utf8).base64EncodedString())"
    }

    // MARK: Proxies

    @Test(arguments: [nil, "who:secret:word"])
    func `an HTTP proxy is asked for whole addresses, with its own login`(
        login: String?
    ) async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Array("there".utf8)))
            let proxy = try ProxyServer(login: login)
            defer { proxy.end() }
            let fetcher = try Self.fetcher {
                $0.proxy = try ProxyRule("http://127.0.0.1:\(proxy.port)")
                $0.proxyLogin = login.map { Login($0) }
            }
            defer { fetcher.shutdown() }
            #expect(try await fetcher.fetch("/", of: site).text == "there")
            #expect(proxy.log == ["GET \(site.address(of: "/"))"])
            #expect(proxy.logins == (login.map { [Self.basic($0)] } ?? []))
            #expect(site.sent("Proxy-Authorization", to: "/") == [nil])
        }
    }

    @Test(arguments: ["socks5", "socks5h"], [nil, "who:secret"])
    func `a SOCKS proxy is asked, with its own login`(
        scheme: String,
        login: String?
    ) async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Array("there".utf8)))
            let proxy = try ProxyServer(login: login)
            defer { proxy.end() }
            let fetcher = try Self.fetcher {
                $0.proxy = try ProxyRule("\(scheme)://127.0.0.1:\(proxy.port)")
                $0.proxyLogin = login.map { Login($0) }
            }
            defer { fetcher.shutdown() }
            #expect(try await fetcher.fetch("/", of: site).text == "there")
            #expect(proxy.log == ["SOCKS 127.0.0.1:\(site.port)"])
            #expect(proxy.logins == (login.map { [$0] } ?? []))
        }
    }

    @Test func `a name is looked up by the proxy where the scheme says so`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Array("there".utf8)))
            let proxy = try ProxyServer()
            defer { proxy.end() }
            let fetcher = try Self.fetcher {
                $0.proxy = try ProxyRule("socks5h://127.0.0.1:\(proxy.port)")
            }
            defer { fetcher.shutdown() }
            let sink = RecordingSink()
            let address = try WebAddress("http://gallery.invalid:\(site.port)/")
            let request = FetchRequest(address: address, bodyBytesMax: 1000)
            #expect(
                Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink).text
                    == "there"
            )
            #expect(proxy.log == ["SOCKS gallery.invalid:\(site.port)"])
        }
    }

    @Test func `a proxy that refuses the login is a failure that does not repeat it`() async throws
    {
        try await SampleSite.serve { site in
            let proxy = try ProxyServer(login: "who:right")
            defer { proxy.end() }
            for scheme in ["http", "socks5"] {
                let fetcher = try Self.fetcher {
                    $0.proxy = try ProxyRule("\(scheme)://127.0.0.1:\(proxy.port)")
                    $0.proxyLogin = Login("who:wrong-secret")
                }
                defer { fetcher.shutdown() }
                let failure = try #require(try await fetcher.fetch("/", of: site).failure)
                #expect(!failure.message.contains("wrong-secret"))
            }
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test(.enabled(if: TLSServer.isPossible, "needs the openssl command"), arguments: ["rest", ""])
    func `what a proxy says of its tunnel is not taken for the answer`(rest: String) async throws {
        let head = "HTTP/1.1 206 Rest\r\nContent-Range: bytes 5-8/9\r\nConnection: close\r\n"
        let server = try await TLSServer(
            answer: "\(head)Content-Length: \(rest.utf8.count)\r\n\r\n\(rest)"
        )
        defer { server.end() }
        let proxy = try ProxyServer()
        defer { proxy.end() }
        let fetcher = try Self.fetcher {
            $0.authorities = server.certificate
            $0.proxy = try ProxyRule("http://127.0.0.1:\(proxy.port)")
        }
        defer { fetcher.shutdown() }
        let request = FetchRequest(
            address: try WebAddress("https://127.0.0.1:\(server.port)/answer"),
            bodyBytesMax: 1000,
            continuesAt: 5
        )
        let sink = RecordingSink()
        let fetched = Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
        #expect(fetched.response?.status == 206)
        #expect(fetched.text == rest)
        #expect(sink.statuses == [206])
        #expect(proxy.log == ["CONNECT 127.0.0.1:\(server.port)"])
    }

    @Test func `a proxy that makes no tunnel is a failure with its status`() async throws {
        let proxy = try ProxyServer(login: "who:right")
        defer { proxy.end() }
        let fetcher = try Self.fetcher {
            $0.proxy = try ProxyRule("http://127.0.0.1:\(proxy.port)")
        }
        defer { fetcher.shutdown() }
        let request = FetchRequest(
            address: try WebAddress("https://gallery.invalid/"),
            bodyBytesMax: 1000
        )
        let sink = RecordingSink()
        let fetched = Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
        #expect(fetched.errorClass == .http4xx)
        #expect(fetched.failure?.status == 407)
        #expect(fetched.failure?.message == "the proxy answered with status 407")
        #expect(sink.statuses == [])
    }

    // MARK: Logins

    @Test func `a login goes to its host only, also after redirects`() async throws {
        try await SampleSite.serve(hosts: 3) { site in
            let port = site.port
            site.fault(.redirect(to: "http://127.0.0.2:\(port)/b"), at: "/a")
            site.fault(.redirect(to: "http://127.0.0.3:\(port)/c"), at: "/b")
            site.fault(.redirect(to: "http://127.0.0.1:\(port)/d"), at: "/c")
            site.route("/d", to: .init(body: Array("there".utf8)))
            let fetcher = try Self.fetcher {
                $0.logins = try Netrc(
                    "machine 127.0.0.1 login me password one\nmachine 127.0.0.3 login me password 3"
                )
            }
            defer { fetcher.shutdown() }
            #expect(try await fetcher.fetch("/a", of: site).text == "there")
            #expect(site.sent("Authorization", to: "/a") == [Self.basic("me:one")])
            #expect(site.sent("Authorization", to: "/b") == [nil])
            #expect(site.sent("Authorization", to: "/c") == [Self.basic("me:3")])
            #expect(site.sent("Authorization", to: "/d") == [Self.basic("me:one")])
        }
    }

    @Test func `a default login is for trusted hosts only`() async throws {
        try await SampleSite.serve(hosts: 2) { site in
            site.fault(.redirect(to: "http://127.0.0.2:\(site.port)/b"), at: "/a")
            site.route("/b", to: .init(body: Array("there".utf8)))
            let fetcher = try Self.fetcher {
                $0.logins = try Netrc("default login me password one")
            }
            defer { fetcher.shutdown() }
            for isTrusted in [true, false] {
                let request = FetchRequest(
                    address: try WebAddress(site.address(of: "/a")),
                    bodyBytesMax: 1000,
                    isTrusted: isTrusted
                )
                _ = await fetcher.fetch(request, into: RecordingSink())
            }
            #expect(site.sent("Authorization", to: "/a") == [Self.basic("me:one"), nil])
            #expect(site.sent("Authorization", to: "/b") == [nil, nil])
        }
    }

    // MARK: Cookies

    @Test func `cookies of a file go to their hosts and paths, and are renewed`() async throws {
        try await SampleSite.serve(hosts: 2) { site in
            site.fault(.redirect(to: "http://127.0.0.2:\(site.port)/in/b"), at: "/in/a")
            site.route("/in/b", to: .init(body: Array("there".utf8)))
            site.route("/out", to: .init(headers: ["Set-Cookie": "session=new; Path=/in"]))
            let later = 4_000_000_000
            let fetcher = try Self.fetcher {
                $0.cookies = [
                    "127.0.0.1\tFALSE\t/in\tFALSE\t\(later)\tsession\told",
                    "#HttpOnly_127.0.0.1\tFALSE\t/in\tFALSE\t0\thidden\t1",
                    "127.0.0.2\tFALSE\t/in\tTRUE\t\(later)\tsafe\t3",
                    "127.0.0.1\tFALSE\t/in\tFALSE\t1000\tpast\t1",
                    "127.0.0.2\tFALSE\t/\tFALSE\t\(later)\tother\t2",
                ]
            }
            defer { fetcher.shutdown() }
            #expect(try await fetcher.fetch("/in/a", of: site).text == "there")
            _ = try await fetcher.fetch("/out", of: site)
            _ = try await fetcher.fetch("/in/a", of: site)
            func sorted(_ target: String) -> [String] {
                site.sent("Cookie", to: target).map {
                    ($0 ?? "").components(separatedBy: "; ").sorted().joined(separator: "; ")
                }
            }
            #expect(sorted("/in/a") == ["hidden=1; session=old", "hidden=1; session=new"])
            #expect(sorted("/in/b") == ["other=2", "other=2"])
            #expect(sorted("/out") == [""])
        }
    }

    // MARK: Certificates

    @Test(.enabled(if: TLSServer.isPossible, "needs the openssl command"))
    func `a certificate is shown to trusted hosts only, and their authority believed`() async throws
    {
        let server = try await TLSServer(demandsCertificate: true)
        defer { server.end() }
        let address = try WebAddress("https://127.0.0.1:\(server.port)/")
        func fetch(
            as certificate: ClientCertificate?,
            isTrusted: Bool,
            through proxy: ProxyServer? = nil
        ) async throws -> Fetched {
            let fetcher = try Self.fetcher {
                $0.authorities = server.certificate
                $0.certificate = certificate
                if let proxy { $0.proxy = try ProxyRule("http://127.0.0.1:\(proxy.port)") }
            }
            defer { fetcher.shutdown() }
            let request = FetchRequest(
                address: address,
                bodyBytesMax: 100_000,
                isTrusted: isTrusted
            )
            let sink = RecordingSink()
            return Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
        }
        let mine = ClientCertificate(file: server.certificate, key: server.key)
        #expect(try await fetch(as: mine, isTrusted: true).response?.status == 200)
        #expect(try await fetch(as: mine, isTrusted: false).response == nil)
        #expect(try await fetch(as: nil, isTrusted: true).response == nil)
        let broken = ClientCertificate(file: server.key, key: server.key)
        #expect(try await fetch(as: broken, isTrusted: true).errorClass == .tls)

        // Through a proxy it is the same, which sees the host and no more.
        let proxy = try ProxyServer()
        defer { proxy.end() }
        let through = try await fetch(as: mine, isTrusted: true, through: proxy)
        #expect(through.response?.status == 200)
        #expect(proxy.log == ["CONNECT 127.0.0.1:\(server.port)"])
    }
}
