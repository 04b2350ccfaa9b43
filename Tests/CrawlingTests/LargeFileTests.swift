import CrawlModel
import Foundation
import SampleSite
import Storage
import Testing

/// Bodies that are cut off, and what they are gone on with.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LargeFileTests {
    private let crawl = CrawlFixture()
    private static let tag: SampleSite.Headers = ["ETag": #""large""#]

    /// A picture of 3 MB, no two places of which look the same.
    private static func large(_ headers: SampleSite.Headers = tag, seed: UInt64 = 1)
        -> SampleSite.Response
    {
        var response = SampleSite.Response.large(bytes: 3_000_000, seed: seed)
        response.headers = headers
        return response
    }

    /// Crawls a site of one picture.
    private func run(
        _ picture: SampleSite.Response = large(),
        _ fault: SampleSite.Fault,
        _ check: (SampleSite, [SampleSite.Request]) async throws -> Void
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 1)) { site in
            let path = site.gallery.items[0].path
            site.route(path, to: picture)
            site.fault(fault, at: path)
            try await crawl.run(CrawlFixture.recipe(for: site))
            try await check(site, site.ledger.requests.filter { $0.target == path })
        }
    }

    private func expectWhole(
        _ picture: SampleSite.Response = large(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let names = crawl.pictures()
        #expect(names.count == 1, sourceLocation: sourceLocation)
        let isWhole = names.first.flatMap { crawl.bytes(of: $0) } == picture.body
        #expect(isWhole, sourceLocation: sourceLocation)
        #expect(crawl.parts() == [], sourceLocation: sourceLocation)
        let rows = try crawl.ask("select bytes from downloads", as: Int.self)
        #expect(rows == [picture.body.count], sourceLocation: sourceLocation)
    }

    @Test func `a body that is cut off goes on where it was`() async throws {
        try await run(Self.large(), .first(1, .cut(after: 2_000_000))) { site, requests in
            try expectWhole()
            #expect(requests.map { $0.headers["Range"] } == [nil, "bytes=2000000-"])
            #expect(requests.map { $0.headers["If-Range"] } == [nil, #""large""#])
            #expect(try crawl.ask("select http_status from downloads") == [206])
            #expect(site.ledger.bytesSent < 3_010_000)
        }
    }

    @Test func `a date that is old enough does for a tag`() async throws {
        let date = "Sun, 01 Jul 2018 08:00:00 GMT"
        let sent = "Sun, 01 Jul 2018 09:00:00 GMT"
        let picture = Self.large(["Last-Modified": date, "Date": sent])
        try await run(picture, .first(1, .cut(after: 2_000_000))) { _, requests in
            try expectWhole(picture)
            #expect(requests.map { $0.headers["If-Range"] } == [nil, date])
            #expect(try crawl.ask("select http_status from downloads") == [206])
        }
    }

    /// A server that breaks off after some bytes of a picture by speaking no HTTP any more.
    private static func broken(
        _ range: Range<Int>,
        of picture: SampleSite.Response
    ) -> SampleSite.Fault {
        let length = picture.body.count
        let head =
            range.lowerBound == 0
            ? "HTTP/1.1 200 Begun"
            : "HTTP/1.1 206 More\r\nContent-Range: bytes \(range.lowerBound)-\(length - 1)/\(length)"
        let fields = "\r\nETag: \"large\"\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = picture.body[range]
        let size = String(chunk.count, radix: 16)
        return .raw(
            Array("\(head)\(fields)\(size)\r\n".utf8) + chunk + Array("\r\nno size\r\n".utf8)
        )
    }

    @Test func `a host that is cut off again and again is not given up while much comes`()
        async throws
    {
        let piece = 1_100_000
        let cuts = 2 * (HostBreaker.failuresMax + HostBreaker.waits.count)
        var picture = SampleSite.Response.large(bytes: piece * (cuts + 1), seed: 3)
        picture.headers = Self.tag
        let faults = (0..<cuts).map { cut in
            Self.broken(cut * piece..<(cut + 1) * piece, of: picture)
        }
        try await run(picture, .inTurn(faults)) { site, requests in
            try expectWhole(picture)
            #expect(requests.count == cuts + 1)
            #expect(try crawl.ask("select distinct error_class from attempt") == ["reset"])
            #expect(try crawl.ask("select failures + parkings from host") == [0])
        }
    }

    @Test func `cuts between which something came do not count as tries`() async throws {
        let cut = SampleSite.Fault.cut(after: 1_100_000)
        let picture = SampleSite.Response.large(bytes: 12_000_000, seed: 2)
        try await run(picture, .first(10, cut)) { site, requests in
            try expectWhole(picture)
            #expect(requests.count == 11)
            #expect(site.ledger.bytesSent < 12_240_000)
            // The first of them did not go on with anything, so it counts like any other.
            #expect(try crawl.ask("select tries from image") == [2])
        }
    }

    @Test(
        arguments: [
            ("nothing says what state it is of", [:]),
            ("the tag is weak", ["ETag": #"W/"large""#]),
            (
                "a weak tag forbids the date",
                [
                    "ETag": #"W/"large""#, "Last-Modified": "Sun, 01 Jul 2018 08:00:00 GMT",
                    "Date": "Sun, 01 Jul 2018 09:00:00 GMT",
                ]
            ),
            ("the date is not old enough", ["Last-Modified": "Sun, 01 Jul 2018 08:00:00 GMT"]),
        ] as [(String, SampleSite.Headers)]
    )
    func `without a strong validator a body begins anew`(
        _ why: String,
        _ headers: SampleSite.Headers
    ) async throws {
        try await run(Self.large(headers), .first(1, .cut(after: 2_000_000))) { _, requests in
            try expectWhole()
            #expect(requests.map { $0.headers["Range"] } == [nil, nil], "\(why)")
        }
    }

    @Test func `small bodies begin anew`() async throws {
        try await run(Self.large(), .first(1, .cut(after: 1_000_000))) { _, requests in
            try expectWhole()
            #expect(requests.map { $0.headers["Range"] } == [nil, nil])
        }
    }

    private static let cut = SampleSite.Fault.cut(after: 2_000_000)

    /// What a server may answer to the wish for the rest, and how many requests it takes in all.
    private static let answers: [(what: String, fault: SampleSite.Fault, requests: Int)] = [
        ("all of it", .answer(large()), 2),
        ("all of something else", .inTurn([.answer(large(seed: 9)), .status(500)]), 2),
        ("another part", .part(1_500_000..<3_000_000), 3),
        ("a later part", .part(2_000_001..<3_000_000), 3),
        ("the beginning", .part(0..<3_000_000), 3),
        ("a part of another state", .headers(["ETag": #""other""#]), 3),
        ("a part of an unknown state", .answer(rest(["ETag": ""])), 3),
        (
            "a part of another length",
            .headers(["Content-Range": "bytes 2000000-2999999/3000001"]), 3
        ),
        ("a part of another unit", .headers(["Content-Range": "items 2000000-2999999/3000000"]), 3),
        (
            "a part beyond all numbers",
            .headers(["Content-Range": "bytes 2000000-2999999/99999999999999999999"]), 3
        ),
        ("a part that is longer than it says", .headers(["Content-Length": "999999"]), 3),
        ("several parts", .headers(["Content-Range": ""]), 3),
        ("an encoded part", .gzip, 3),
        ("that there is no such part", .status(416), 3),
        ("less than all of the rest", .part(2_000_000..<2_500_000), 3),
        ("the rest, cut off", .cut(after: 500_000), 3),
        ("an error", .status(503), 3),
        ("nothing", .reset(.beforeAnswer), 3),
    ]

    private static func rest(_ headers: SampleSite.Headers) -> SampleSite.Response {
        var response = large()
        response.status = 206
        response.headers["Content-Range"] = "bytes 2000000-2999999/3000000"
        for field in headers.fields { response.headers[field.name] = field.value }
        response.body.removeFirst(2_000_000)
        return response
    }

    @Test(arguments: answers.indices)
    func `whatever comes for the rest, the picture is whole in the end`(_ index: Int) async throws {
        let (what, fault, count) = Self.answers[index]
        let isOther = what == "all of something else"
        try await run(Self.large(), .inTurn([Self.cut, fault])) { _, requests in
            try expectWhole(isOther ? Self.large(seed: 9) : Self.large())
            #expect(requests.count == count, "\(what)")
            #expect(try crawl.ask("select state from image") == [2], "\(what)")
        }
    }

    @Test func `a picture that has grown too large leaves nothing behind`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 1)) { site in
            let path = site.gallery.items[0].path
            site.route(path, to: Self.large())
            site.fault(.inTurn([Self.cut, .status(404)]), at: path)
            try await crawl.run(CrawlFixture.recipe(for: site))
            #expect(crawl.parts() == ["1.origin", "1.part"])
            try await crawl.run(CrawlFixture.recipe(for: site, "limits: { image: 2500kB }")) {
                _ = try await $0.retry(RetrySelection())
            }
            #expect(try crawl.ask("select error_class from image") == ["too_large"])
            #expect(crawl.parts() == [])
        }
    }

    @Test(arguments: ["saved otherwise", "forgotten"])
    func `a part of a picture that will not be fetched goes`(_ why: String) async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 1)) { site in
            let path = site.gallery.items[0].path
            site.route(path, to: Self.large())
            site.fault(.inTurn([Self.cut, .status(404)]), at: path)
            let recipe = CrawlFixture.recipe(for: site)
            try await crawl.run(recipe)
            #expect(crawl.parts().count == 2)
            if why == "forgotten" {
                try await crawl.run(recipe) { store in
                    var selection = HistorySelection()
                    selection.states = [.failed]
                    let count = try await store.forget(selection)
                    #expect(count == 1)
                    #expect(crawl.parts() == [])
                }
            } else {
                let name = try crawl.ask("select path from failures", as: String.self)[0]
                let url = URL(fileURLWithPath: crawl.folder.path + "/" + name)
                try Data(Picture(.jpeg, number: 3).bytes).write(to: url)
                try await crawl.run(recipe) { _ = try await $0.retry(RetrySelection()) }
                #expect(try crawl.ask("select count(*) from downloads") == [1])
                try await crawl.run(recipe)
                #expect(crawl.parts() == [])
            }
        }
    }
}

extension SampleSite.Response {
    /// A picture with much behind its end, which is allowed, no two places of which look the same.
    static func large(bytes: Int, seed: UInt64) -> Self {
        // A prime, so that no place that a server or a test is likely to choose repeats.
        let block = (0..<65_521).map { UInt8(truncatingIfNeeded: ($0 &* $0 &+ Int(seed)) >> 3) }
        var body = Picture(.jpeg, number: seed).bytes
        body.reserveCapacity(bytes + block.count)
        while body.count < bytes { body += block }
        body.removeLast(body.count - bytes)
        return Self(headers: ["ETag": "\"\(seed)\""], body: body)
    }
}
