import CrawlModel
import Fetching
import SampleSite
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct FetcherTests {
    @Test func `one after the other, pictures come byte for byte over one connection`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1, pictureBytes: 200_000)) { site in
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for item in site.gallery.items {
                let picture = site.gallery.picture(of: item)
                let fetched = try await fetcher.fetch(item.path, of: site)
                let response = try #require(fetched.response)
                #expect(fetched.sink.bytes == picture.bytes)
                #expect(response.status == 200)
                #expect(response.contentType == picture.format.mediaType)
                #expect(response.etag == picture.tag)
                #expect(response.lastModified == "Sun, 01 Jul 2018 08:00:00 GMT")
                #expect(response.contentLength == picture.bytes.count)
                #expect(response.bodyBytes == picture.bytes.count)
                #expect(response.wireBytes == picture.bytes.count)
                #expect(response.isFramed)
                #expect("\(response.address)" == site.address(of: item))
            }
            #expect(site.ledger.connections == 1)
        }
    }

    @Test func `a body reaches the sink as it arrives, not at its end`() async throws {
        // The site sends the next byte only when the sink has the one before.
        let (turns, turn) = AsyncStream.makeStream(of: Void.self)
        turn.yield()
        try await SampleSite.serve(sleep: { _ in for await _ in turns { return } }) { site in
            site.route("/slow", to: .init(body: Array("magpie".utf8)))
            site.fault(.drip(every: .zero), at: "/slow")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let sink = RecordingSink { turn.yield() }
            let fetched = try await fetcher.fetch("/slow", of: site, into: sink)
            #expect(sink.pieces == [1, 1, 1, 1, 1, 1])
            #expect(fetched.text == "magpie")
        }
    }

    @Test func `an empty body is a success without a piece`() async throws {
        try await SampleSite.serve { site in
            site.route("/empty", to: .init())
            site.route("/none", to: .init(status: 204))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for target in ["/empty", "/none"] {
                let fetched = try await fetcher.fetch(target, of: site)
                #expect(fetched.response?.bodyBytes == 0)
                #expect(fetched.response?.isFramed == true)
                #expect(fetched.sink.pieces.isEmpty)
                #expect(fetched.sink.endings == [.finished])
            }
        }
    }

    @Test func `nothing of one request is left in the next`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Array("0123456789".utf8)))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let headers = [
                HeaderField("X-One", "1"), HeaderField("User-Agent", "first"),
                HeaderField("Cookie", "own=1"), HeaderField("Authorization", "Basic x"),
                HeaderField("Accept", ""), HeaderField("Host", "elsewhere.test"),
            ]
            let first = try await fetcher.fetch(
                "/",
                of: site,
                headers: headers,
                timeouts: Timeouts(total: .milliseconds(10_000)),
                bodyBytesMax: 5
            )
            #expect(first.errorClass == .tooLarge)
            let second = try await fetcher.fetch("/", of: site)
            #expect(second.text == "0123456789")
            #expect(site.sent("X-One", to: "/") == ["1", nil])
            #expect(site.sent("User-Agent", to: "/") == ["first", nil])
            #expect(site.sent("Cookie", to: "/") == ["own=1", nil])
            #expect(site.sent("Authorization", to: "/") == ["Basic x", nil])
            #expect(site.sent("Accept", to: "/") == [nil, "*/*"])
            #expect(site.ledger.requests.allSatisfy { $0.host == "127.0.0.1" })
        }
    }

    @Test func `headers are sent in order, and the same again when they are kept`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init())
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let headers = [
                HeaderField("X-B", "2"), HeaderField("X-A", "1"), HeaderField("X-B", "3"),
            ]
            for _ in 1...2 { _ = try await fetcher.fetch("/", of: site, headers: headers) }
            for request in site.ledger.requests {
                let own = request.headers.fields.filter { $0.name.hasPrefix("X-") }
                #expect(own.map { "\($0.name)=\($0.value)" } == ["X-B=2", "X-A=1", "X-B=3"])
            }
        }
    }

    @Test func `an interim answer is no answer`() async throws {
        try await SampleSite.serve { site in
            let bytes = """
                HTTP/1.1 103 Early Hints\r\nETag: "early"\r\nRetry-After: 9\r\n\r\n\
                HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok
                """
            site.fault(.raw(Array(bytes.utf8)), at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/", of: site)
            #expect(fetched.response?.status == 200)
            #expect(fetched.response?.etag == nil)
            #expect(fetched.text == "ok")
        }
    }

    @Test func `thousands of fetches at once all come whole`() async throws {
        try await SampleSite.serve(Gallery(pages: 100)) { site in
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let whole = try await withThrowingTaskGroup(of: Bool.self) { group in
                for item in site.gallery.items {
                    group.addTask {
                        let fetched = try await fetcher.fetch(item.path, of: site)
                        return fetched.sink.bytes == site.gallery.picture(of: item).bytes
                            && fetched.sink.endings == [.finished]
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(whole == 2000)
            #expect(site.ledger.requests.count == 2000)
        }
    }
}
