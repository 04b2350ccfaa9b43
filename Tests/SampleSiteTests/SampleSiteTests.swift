import Synchronization
import Testing

@testable import SampleSite

@Suite(.timeLimit(.minutes(1)))
struct SampleSiteTests {
    @Test func `pages and pictures are served byte for byte on one connection`() async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 8)) { site in
            let client = try await RawClient(site)
            for page in 1...2 {
                let answer = try await client.fetch(site.gallery.path(ofPage: page))
                let html = site.gallery.html(ofPage: page, address: site.address(of:))
                #expect(answer.body == Array(html.utf8))
            }
            for item in site.gallery.items {
                let answer = try await client.fetch(item.path)
                #expect(answer.body == site.gallery.picture(of: item).bytes)
            }
            #expect(site.ledger.requests.count == 18)
            #expect(site.ledger.connections == 1)
            #expect(site.ledger.mostAtOncePerHost == ["127.0.0.1": 1])
        }
    }

    @Test func `a route comes before the gallery and everything else is a 404`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let gbk: [UInt8] = [0xD0, 0xDC, 0xC3, 0xA8]
            let page = site.gallery.path(ofPage: 1)
            site.route(
                page,
                to: .init(headers: ["Content-Type": "text/html; charset=gbk"], body: gbk)
            )
            let answer = try await RawClient.fetch(page, of: site)
            #expect(answer.body == gbk)
            #expect(answer["Content-Type"] == "text/html; charset=gbk")
            #expect(try await RawClient.fetch("/none", of: site).status == 404)
        }
    }

    @Test func `a fault ends after as many requests as it is for`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let path = site.gallery.items[0].path
            site.fault(.first(2, .status(503)), at: path)
            var statuses: [Int] = []
            for _ in 1...4 { statuses.append(try await RawClient.fetch(path, of: site).status) }
            #expect(statuses == [503, 503, 200, 200])
            site.fault(.status(404), at: path)
            #expect(try await RawClient.fetch(path, of: site).status == 404)
            site.fault(nil, at: path)
            #expect(try await RawClient.fetch(path, of: site).status == 200)
            #expect(site.ledger.count(path) == 6)
        }
    }

    @Test(
        arguments: [
            (.cut(after: 5), .closed, 5), (.reset(.beforeAnswer), .reset, nil),
            (.reset(.insideHead), .reset, nil), (.reset(.insideBody), .reset, 374),
            (.untilClose, .closed, 748), (.length(1000), .closed, 748),
        ] as [(SampleSite.Fault, RawClient.Ending, Int?)]
    )
    func `a connection ends as the fault wants it`(
        fault: SampleSite.Fault,
        ending: RawClient.Ending,
        bodyBytes: Int?
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let path = site.gallery.items[1].path
            site.fault(fault, at: path)
            let (bytes, end) = try await RawClient.fetchToEnd(path, of: site)
            #expect(end == ending)
            let body = bytes.firstRange(of: Array("\r\n\r\n".utf8)).map { bytes[$0.upperBound...] }
            #expect(body?.count == bodyBytes)
        }
    }

    @Test func `a connection ends when the client wants it`() async throws {
        try await SampleSite.serve { site in
            let client = try await RawClient(site)
            try await client.ask("/", ["Connection": "close"])
            let (bytes, ending) = try await client.readToEnd()
            #expect(bytes.starts(with: "HTTP/1.1 404".utf8))
            #expect(ending == .closed)
        }
    }

    @Test func `requests sent in one go are all answered`() async throws {
        try await SampleSite.serve { site in
            let client = try await RawClient(site)
            try await client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
            for _ in 1...2 { #expect(try await client.readResponse().status == 404) }
            #expect(site.ledger.requests.map(\.target) == ["/1", "/2"])
        }
    }

    @Test func `a head of a megabyte arrives whole`() async throws {
        try await SampleSite.serve { site in
            let long = String(repeating: "x", count: 1_000_000)
            site.fault(.headers(["X-Long": long]), at: "/")
            let answer = try await RawClient.fetch("/", of: site)
            #expect(answer["X-Long"] == long)
            #expect(site.ledger.bytesSent > 1_000_000)
        }
    }

    @Test func `a body of zeros ends only with the client`() async throws {
        try await SampleSite.serve { site in
            site.fault(.endless, at: "/")
            do {
                let client = try await RawClient(site)
                try await client.ask("/")
                #expect(try await client.read(3_000_000).suffix(1000).allSatisfy { $0 == 0 })
                #expect(site.ledger.atOnce == 1)
            }
            try await site.idle()
        }
    }

    @Test func `a dripping body takes one wait for each byte`() async throws {
        let waits = Mutex<[Duration]>([])
        let sleep: @Sendable (Duration) async throws -> Void = { wait in
            waits.withLock { $0.append(wait) }
        }
        try await SampleSite.serve(sleep: sleep) { site in
            site.route("/", to: .init(body: Array("drops".utf8)))
            site.fault(.drip(every: .seconds(1)), at: "/")
            let answer = try await RawClient.fetch("/", of: site)
            #expect(answer.body == Array("drops".utf8))
        }
        #expect(waits.withLock { $0 } == Array(repeating: .seconds(1), count: 5))
    }

    @Test func `held requests wait until they are released`() async throws {
        try await SampleSite.serve { site in
            site.hold("/")
            let clients = [try await RawClient(site), try await RawClient(site)]
            for client in clients { try await client.ask("/") }
            try await site.requested("/", times: 2)
            #expect(site.ledger.atOnce == 2)
            #expect(site.ledger.bytesSent == 0)
            #expect(try await RawClient.fetch("/other", of: site).status == 404)
            #expect(site.ledger.mostAtOnce == 3)
            site.release("/")
            for client in clients { #expect(try await client.readResponse().status == 404) }
            #expect(site.ledger.atOnce == 0)
        }
    }

    @Test func `a client that gives up a held request is no longer counted`() async throws {
        try await SampleSite.serve { site in
            site.hold("/")
            do {
                let client = try await RawClient(site)
                try await client.ask("/")
                try await site.requested("/")
            }
            try await site.idle()
            #expect(site.ledger.mostAtOnce == 1)
        }
    }

    @Test func `a request sent behind a held one is answered after it`() async throws {
        try await SampleSite.serve { site in
            site.hold("/1")
            let client = try await RawClient(site)
            try await client.ask("/1")
            try await site.requested("/1")
            try await client.ask("/2")
            // Answered after the site has seen that the first client sent something.
            for _ in 1...10 { _ = try await RawClient.fetch("/other", of: site) }
            site.release("/1")
            for _ in 1...2 { #expect(try await client.readResponse().status == 404) }
            #expect(site.ledger.count("/2") == 1)
        }
    }

    @Test func `waiting for a request that never comes ends with what was seen`() async throws {
        try await SampleSite.serve { site in
            _ = try await RawClient.fetch("/", of: site)
            let error = await #expect(throws: SampleSiteError.self) {
                try await site.requested("/", times: 2, within: .milliseconds(1))
            }
            #expect(error?.description.contains("/ was asked 1 of 2 times") == true)
        }
    }

    @Test func `all hosts share the port and the ledger knows them apart`() async throws {
        try await SampleSite.serve(Gallery(pages: 1), hosts: 3) { site in
            #expect(site.hosts == ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
            let items = site.gallery.items
            #expect(site.address(of: items[0]) == "http://127.0.0.2:\(site.port)\(items[0].path)")
            #expect(site.address(of: items[1]) == "http://127.0.0.3:\(site.port)\(items[1].path)")
            for host in site.hosts {
                let client = try await RawClient(site, host: host)
                try await client.send("GET /\(host) HTTP/1.1\r\nHost: \(host):\(site.port)\r\n\r\n")
                #expect(try await client.readResponse().status == 404)
            }
            #expect(Set(site.ledger.mostAtOncePerHost.keys) == Set(site.hosts))
        }
    }

    @Test func `what is no request gets a 400`() async throws {
        try await SampleSite.serve { site in
            let client = try await RawClient(site)
            try await client.send("nonsense\r\n\r\n")
            #expect(try await client.readResponse().status == 400)
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test func `a site ends with its body and with it every connection`() async throws {
        struct Stop: Error {}
        let kept = Mutex<(site: SampleSite, client: RawClient)?>(nil)
        await #expect(throws: Stop.self) {
            try await SampleSite.serve { site in
                site.hold("/")
                let client = try await RawClient(site)
                try await client.ask("/")
                try await site.requested("/")
                kept.withLock { $0 = (site, client) }
                throw Stop()
            }
        }
        let (site, client) = try #require(kept.withLock { $0 })
        #expect(try await client.readToEnd().1 == .closed)
        await #expect(throws: (any Error).self) { try await RawClient(site) }
    }

    @Test func `thirty clients at once get everything right`() async throws {
        try await SampleSite.serve(Gallery(pages: 5, itemsPerPage: 20), hosts: 5) { site in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        let client = try await RawClient(site, host: site.hosts[number % 5])
                        for item in site.gallery.items {
                            let answer = try await client.fetch(item.path)
                            #expect(answer.body == site.gallery.picture(of: item).bytes)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(site.gallery.items.allSatisfy { site.ledger.count($0.path) == 30 })
            #expect(site.ledger.connections == 30)
            #expect(site.ledger.mostAtOnce <= 30)
            #expect(site.ledger.atOnce == 0)
        }
    }
}
