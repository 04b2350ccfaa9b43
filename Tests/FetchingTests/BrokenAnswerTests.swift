import CrawlModel
import Fetching
import SampleSite
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct BrokenAnswerTests {
    /// An answer that goes wrong, and the class it is to have.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let fault: SampleSite.Fault
        let errorClass: ErrorClass

        init(_ name: String, _ fault: SampleSite.Fault, _ errorClass: ErrorClass) {
            (self.name, self.fault, self.errorClass) = (name, fault, errorClass)
        }

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case("cut at once", .cut(after: 0), .truncated),
        Case("cut in the middle", .cut(after: 700), .truncated),
        Case("cut before the last byte", .cut(after: 1999), .truncated),
        Case("a length too long", .length(2001), .truncated),
        Case("a length that is no number", .headers(["Content-Length": "x"]), .reset),
        Case("a length below zero", .headers(["Content-Length": "-1"]), .reset),
        Case("a chunk size that is no number", .chunks(.size), .reset),
        Case("a cut chunk", .chunks(.cut), .truncated),
        Case("chunks without an end", .chunks(.unended), .truncated),
        Case("reset before the answer", .reset(.beforeAnswer), .reset),
        Case("reset inside the head", .reset(.insideHead), .reset),
        Case("reset inside the body", .reset(.insideBody), .reset),
        Case("nothing at all", .raw([]), .reset),
        Case("no HTTP", .raw(Array("220 ftp ready\r\n".utf8)), .reset),
        Case("half a status line", .raw(Array("HTTP/1.1 2".utf8)), .reset),
        Case("a head without an end", .raw(Array("HTTP/1.1 200 OK\r\nA: b\r\n".utf8)), .reset),
        Case("a status that is no number", .raw(Array("HTTP/1.1 OK\r\n\r\n".utf8)), .reset),
        Case("an unknown version", .raw(Array("HTTP/9.9 200 OK\r\n\r\n".utf8)), .reset),
        Case("an encoding nobody asked for", .headers(["Content-Encoding": "lzma"]), .reset),
        Case("no gzip though it says so", .headers(["Content-Encoding": "gzip"]), .reset),
        Case("a part that nobody asked for", .part(0..<100), .redirect),
        Case("not modified, though nobody asked", .status(304), .redirect),
        Case("an answer to a choice", .status(300), .redirect),
        Case("400", .status(400), .http4xx),
        Case("404", .status(404), .http4xx),
        Case("416", .status(416), .http4xx),
        Case("429", .status(429), .http429),
        Case("500", .status(500), .http5xx),
        Case("503", .status(503), .http5xx),
        Case("999", .status(999), .http5xx),
        Case("a longer body than allowed", .length(3001), .tooLarge),
        Case("an endless body", .endless, .tooLarge),
        Case("a gzip bomb", .gzipBomb(bytes: 200_000_000), .tooLarge),
        Case("a length beyond all numbers", .headers(["Content-Length": digits]), .tooLarge),
        Case("a thousand headers", .headers(thousand), .reset),
        Case("a header of 1 MB", .headers(["X": String(repeating: "x", count: 1 << 20)]), .reset),
    ]

    private static let digits = String(repeating: "9", count: 19)

    private static var thousand: SampleSite.Headers {
        var headers: SampleSite.Headers = [:]
        for number in 1...1000 {
            headers.add("X-\(number)", String(repeating: "x", count: 400))
        }
        return headers
    }

    @Test(arguments: cases)
    func `a broken answer has its class, and no whole body is claimed`(_ broken: Case)
        async throws
    {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Self.body))
            site.fault(broken.fault, at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/", of: site, bodyBytesMax: 3000)
            #expect(fetched.errorClass == broken.errorClass, "\(fetched.outcome)")
            #expect(fetched.sink.endings == [.abandoned])
            #expect(fetched.sink.bytes.count <= 3000)
            #expect(Self.body.starts(with: fetched.sink.bytes.prefix(2000)))
            #expect(fetched.failure?.message.isEmpty == false)
            // The fetcher is none the worse for it.
            site.fault(nil, at: "/")
            #expect(try await fetcher.fetch("/", of: site).sink.bytes == Self.body)
        }
    }

    private static let body = (0..<2000).map { UInt8($0 % 251) }

    @Test func `a body shorter than all that came is what its length says`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Self.body))
            site.fault(.length(1500), at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/", of: site)
            #expect(fetched.sink.bytes == Array(Self.body.prefix(1500)))
            // What is left over is not taken for the next answer.
            site.fault(nil, at: "/")
            #expect(try await fetcher.fetch("/", of: site).sink.bytes == Self.body)
        }
    }

    @Test func `only an announced end is told as one`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Self.body))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let faults: [(SampleSite.Fault, Bool)] = [
                (.chunks(.none), true), (.length(2000), true), (.untilClose, false),
            ]
            for (fault, isFramed) in faults {
                site.fault(fault, at: "/")
                let fetched = try await fetcher.fetch("/", of: site)
                #expect(fetched.response?.isFramed == isFramed)
                #expect(fetched.sink.bytes == Self.body)
            }
        }
    }

    @Test func `a compressed body is decompressed, and both lengths are told`() async throws {
        try await SampleSite.serve { site in
            let zeros = [UInt8](repeating: 0, count: 500_000)
            site.route("/", to: .init(body: zeros))
            site.fault(.gzipBomb(bytes: 500_000), at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let response = try await fetcher.fetch("/", of: site).response
            #expect(response?.bodyBytes == 500_000)
            #expect(response?.wireBytes == response?.contentLength)
            #expect(try #require(response).wireBytes < 10_000)
        }
    }

    @Test func `of a compressed body nobody claims that its end was announced`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: Self.body))
            site.fault(.gzip, at: "/whole")
            site.route("/whole", to: .init(body: Self.body))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let whole = try await fetcher.fetch("/whole", of: site)
            #expect(whole.sink.bytes == Self.body)
            #expect(whole.response?.isFramed == false)
            // Half of a gzip file, its length told rightly (RFC 1951, section 3.2.4, a stored block).
            let half: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, 100, 0, 155, 255, 1, 2, 3]
            site.route("/half", to: .init(headers: ["Content-Encoding": "gzip"], body: half))
            let cut = try await fetcher.fetch("/half", of: site)
            #expect(cut.sink.bytes == [1, 2, 3])
            #expect(cut.response?.isFramed == false)
            site.fault(.headers(["Content-Encoding": "Identity"]), at: "/")
            #expect(try await fetcher.fetch("/", of: site).response?.isFramed == true)
        }
    }

    @Test func `compressed bytes that never become any are limited too`() async throws {
        try await SampleSite.serve { site in
            // A gzip header whose file name has no end (RFC 1952, section 2.3).
            let name = [UInt8](repeating: 0x61, count: 500_000)
            let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
            let gzip: [UInt8] = [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3]
            site.fault(.raw(Array(head.utf8) + gzip + name), at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/", of: site, bodyBytesMax: 100_000)
            #expect(fetched.errorClass == .tooLarge)
            #expect(fetched.sink.pieces.isEmpty)
        }
    }

    @Test func `a failure has the server's wish when to come back, and the page reaches no sink`()
        async throws
    {
        try await SampleSite.serve { site in
            let page = [UInt8](repeating: 0x20, count: 100_000)
            site.fault(
                .answer(.init(status: 503, headers: ["Retry-After": "120"], body: page)),
                at: "/"
            )
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch("/", of: site)
            #expect(fetched.failure?.status == 503)
            #expect(fetched.failure?.retryAfter == "120")
            #expect(fetched.sink.pieces.isEmpty)
        }
    }

    @Test func `what a server sends as text reaches no message with control characters`()
        async throws
    {
        try await SampleSite.serve { site in
            site.fault(.redirect(to: "evil\u{1B}[2J\u{202E}:x"), at: "/")
            site.fault(.headers(["Content-Encoding": "\u{1B}[31m"]), at: "/encoding")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            for target in ["/", "/encoding"] {
                let failure = try #require(try await fetcher.fetch(target, of: site).failure)
                #expect(
                    failure.message.unicodeScalars.allSatisfy {
                        $0.properties.generalCategory != .control
                            && $0.properties.generalCategory != .format
                    },
                    "\(failure.message.debugDescription)"
                )
            }
        }
    }
}
