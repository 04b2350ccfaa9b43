import Testing

@testable import SampleSite

struct ResponseTests {
    private typealias Response = SampleSite.Response

    private let picture = Response(
        headers: ["Content-Type": "image/png", "ETag": #""x""#, "Last-Modified": "then"],
        body: Array(0..<10)
    )

    private func request(_ headers: SampleSite.Headers) throws -> SampleSite.Request {
        let lines = headers.fields.map { "\r\n\($0.name): \($0.value)" }.joined()
        return try #require(SampleSite.Request(head: "GET / HTTP/1.1\(lines)".utf8))
    }

    @Test func `a message has a length unless it gives one itself`() {
        let message = Response(headers: ["A": "b"], body: [0x21]).message
        #expect(message == Array("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 1\r\n\r\n!".utf8))
        let own = Response(status: 299, headers: ["content-length": "7"], body: [0x21]).message
        #expect(own == Array("HTTP/1.1 299 Sample\r\ncontent-length: 7\r\n\r\n!".utf8))
    }

    @Test(arguments: [100, 204, 304]) func `some statuses have no body`(status: Int) {
        let message = String(
            decoding: Response(status: status, body: [0x21]).message,
            as: UTF8.self
        )
        #expect(message.hasSuffix("\r\n\r\n"))
        #expect(!message.contains("Content-Length"))
    }

    @Test(arguments: [
        ("bytes=0-", 0..<10), ("bytes=3-", 3..<10), ("bytes=9-9", 9..<10), ("bytes=2-99", 2..<10),
        ("bytes=0-0", 0..<1), ("bytes=0-\(Int.max)", 0..<10), ("bytes=-3", 7..<10),
        ("bytes=-99", 0..<10),
    ])
    func `a range gives its bytes`(range: String, bytes: Range<Int>) throws {
        let part = picture.meeting(try request(["Range": range]))
        #expect(part.status == 206)
        #expect(part.body == Array(picture.body[bytes]))
        #expect(
            part.headers["Content-Range"] == "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/10"
        )
    }

    @Test(arguments: [
        "bytes=10-", "bytes=10-12", "bytes=99-", "bytes=-0",
        "bytes=\(Int.max)-\(Int.max)",
    ])
    func `a range after the end can't be had`(range: String) throws {
        let part = picture.meeting(try request(["Range": range]))
        #expect(part.status == 416)
        #expect(part.headers["Content-Range"] == "bytes */10")
        #expect(part.body.isEmpty)
    }

    @Test(arguments: [
        "bytes=5-2", "bytes=1-2,4-5", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=2",
        "bytes=--5", "bytes=5--2",
    ])
    func `a range that is none is not looked at`(range: String) throws {
        #expect(picture.meeting(try request(["Range": range])) == picture)
    }

    @Test(
        arguments: [
            (["If-None-Match": #""x""#], 304), (["If-None-Match": #""y", W/"x""#], 304),
            (["If-None-Match": "*"], 304), (["If-None-Match": #""y""#], 200),
            (["If-Modified-Since": "then"], 304), (["If-Modified-Since": "later"], 200),
            (["If-None-Match": #""y""#, "If-Modified-Since": "then"], 200),
            (["Range": "bytes=5-", "If-Range": #""x""#], 206),
            (["Range": "bytes=5-", "If-Range": "then"], 206),
            (["Range": "bytes=5-", "If-Range": #""y""#], 200),
            (["Range": "bytes=5-", "If-Range": #"W/"x""#], 200),
            (["Range": "bytes=5-", "If-None-Match": #""x""#], 304),
        ] as [(SampleSite.Headers, Int)]
    )
    func `conditions are met`(headers: SampleSite.Headers, status: Int) throws {
        #expect(picture.meeting(try request(headers)).status == status)
    }

    @Test func `only a 200 with a tag can be asked for in parts`() throws {
        let asked = try request(["Range": "bytes=5-"])
        let error = Response(status: 500, headers: ["ETag": #""x""#], body: picture.body)
        #expect(error.meeting(asked) == error)
        let page = Response.html("0123456789")
        #expect(page.meeting(asked) == page)
    }
}
