import CrawlModel
import Testing

@testable import Fetching

struct ResponseHeadTests {
    private func head(_ lines: String...) -> ResponseHead {
        var head = ResponseHead()
        for line in lines {
            Array("\(line)\r\n".utf8).withUnsafeBytes { head.take($0) }
        }
        return head
    }

    @Test func `names are read in any case, and values without blanks around them`() {
        let head = head("HTTP/1.1 200 OK", "eTaG: \t\"x\" ", "CONTENT-TYPE:image/png", "")
        #expect(head.status == 200)
        #expect(head.etag == "\"x\"")
        #expect(head.contentType == "image/png")
        #expect(head.isOver)
    }

    @Test func `a new status line begins a new head, but bytes and cookies are counted on`() {
        let first = ["HTTP/1.1 103 Hints", "ETag: a", "Set-Cookie: a=1", ""]
        let second = ["HTTP/1.1 200 OK", "Set-Cookie: b=1", "Set-Cookie: c=1"]
        var head = ResponseHead()
        for line in first + second {
            Array("\(line)\r\n".utf8).withUnsafeBytes { head.take($0) }
        }
        #expect(head.etag == nil)
        #expect(!head.isOver)
        #expect(head.cookieCount == 3)
        #expect(head.bytes == (first + second).reduce(0) { $0 + $1.utf8.count + 2 })
    }

    @Test func `trailers change nothing`() {
        let head = head("HTTP/1.1 200 OK", "ETag: a", "", "ETag: b", "Content-Length: 5")
        #expect(head.etag == "a")
        #expect(head.contentLength == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("007", 7), ("", nil), ("-1", nil), ("+1", nil), ("1,1", nil), ("1 1", nil),
            ("0x10", nil), ("99999999999999999999", Int.max), ("\u{0661}", nil),
        ]
    )
    func `a length is digits and nothing else`(text: String, length: Int?) {
        #expect(head("HTTP/1.1 200 OK", "Content-Length: \(text)").contentLength == length)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK", 200), ("HTTP/2 404 ", 404), ("HTTP/1.1 200", 200),
            ("HTTP/1.1  503  x", 503), ("HTTP/1.1 2x0", 0), ("HTTP/1.1", 0),
        ]
    )
    func `a status is three digits after the version`(line: String, status: Int) {
        #expect(head(line).status == status)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK", "Content-Length: 5", true), ("HTTP/1.1 200 OK", "X: y", false),
            ("HTTP/1.1 200 OK", "Transfer-Encoding: gzip , Chunked", true),
            ("HTTP/1.1 200 OK", "Transfer-Encoding: chunked, gzip", false),
            ("HTTP/1.1 200 OK", "Transfer-Encoding: chunkedx", false),
            ("HTTP/1.1 204 None", "X: y", true), ("HTTP/2 200", "X: y", true),
            ("HTTP/2 200", "Content-Encoding: br", false),
        ]
    )
    func `an announced end is told from a mere one`(status: String, field: String, framed: Bool) {
        #expect(head(status, field, "").isFramed == framed)
    }

    @Test func `what is too long is taken for missing`() {
        let (long, longer) = (
            String(repeating: "x", count: 1025), String(repeating: "y", count: 16_385)
        )
        let head = head("HTTP/1.1 302 Found", "ETag: \(long)", "Location: \(longer)")
        #expect(head.etag == nil)
        #expect(head.location == nil)
    }

    @Test func `a place beyond ASCII is percent-encoded byte by byte`() {
        #expect(head("HTTP/1.1 302 Found", "Location: /ü").location == "/%c3%bc")
    }

    @Test func `a head without end is given up, whatever curl allows`() throws {
        let request = FetchRequest(address: try WebAddress("http://a.test/"), bodyBytesMax: 1)
        let call = FetchCall(request: request, sink: MemoryBody())
        var exchange = Exchange(call, at: request.address)
        let line = Array(("X: " + String(repeating: "x", count: 1021)).utf8)
        let taken = (1...400).prefix { _ in line.withUnsafeBytes { exchange.receive(head: $0) } }
        #expect(taken.count == 300)
        #expect(exchange.refusal?.errorClass == .reset)
    }

    @Test func `messages are one plain line of bounded length`() {
        #expect(PlainText.of("a\u{1B}[2J\nb\u{202E}c\u{85}d\u{2028}e") == "a [2J b c d e")
        #expect(PlainText.of(String(repeating: "x", count: 1000)).count == 300)
    }
}
