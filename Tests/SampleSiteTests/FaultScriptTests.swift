import Testing

@testable import SampleSite

struct FaultScriptTests {
    private typealias Fault = SampleSite.Fault
    private typealias Script = SampleSite.Script

    private let resource = SampleSite.Response(
        headers: ["Content-Type": "image/png", "ETag": #""x""#],
        body: Array("0123456789".utf8)
    )
    private let fields = "Content-Type: image/png\r\nETag: \"x\"\r\n"

    private func script(
        _ fault: SampleSite.Fault,
        number: Int = 1,
        headers: String = ""
    ) throws -> SampleSite.Script {
        let head = "GET / HTTP/1.1\(headers)"
        let request = try #require(SampleSite.Request(head: head.utf8))
        return fault.script(for: resource, answering: request, number: number)
    }

    private func right(length: Int = 10) -> String {
        "HTTP/1.1 200 OK\r\n\(fields)Content-Length: \(length)\r\n\r\n"
    }

    private func text(_ text: String, then ending: SampleSite.Script.Ending) -> SampleSite.Script {
        Script(Array(text.utf8), then: ending)
    }

    @Test func `an answer may be any other`() throws {
        let status = try script(.status(429, headers: ["Retry-After": "1", "content-type": "a/b"]))
        #expect(
            status
                == text(
                    """
                    HTTP/1.1 429 Too Many Requests\r
                    Retry-After: 1\r
                    content-type: a/b\r
                    Content-Length: 33\r
                    \r
                    <!DOCTYPE html><title>429</title>
                    """,
                    then: .stayOpen
                )
        )
        let redirect = try script(.redirect(to: "FILE:///etc/passwd", status: 308))
        guard case .send(let bytes) = redirect.steps[0] else { return }
        #expect(
            String(decoding: bytes, as: UTF8.self).contains("\r\nLocation: FILE:///etc/passwd\r\n")
        )
    }

    @Test func `a body is cut or has another length`() throws {
        #expect(try script(.cut(after: 4)) == text(right() + "0123", then: .close))
        #expect(try script(.cut(after: 0)) == text(right(), then: .close))
        #expect(try script(.length(12)) == text(right(length: 12) + "0123456789", then: .close))
        #expect(try script(.length(7)) == text(right(length: 7) + "0123456789", then: .stayOpen))
        let bare = "HTTP/1.1 200 OK\r\n\(fields)\r\n0123456789"
        #expect(try script(.untilClose) == text(bare, then: .close))
        #expect(
            try script(.endless)
                == Script([.send(Array(bare.utf8)), .sendZeros], then: .close)
        )
    }

    @Test(
        arguments: [
            (.none, "5\r\n56789\r\n0\r\n\r\n", .stayOpen),
            (.size, "zz\r\n56789\r\n0\r\n\r\n", .stayOpen),
            (.cut, "5\r\n56", .close), (.unended, "5\r\n56789\r\n", .close),
        ] as [(SampleSite.Fault.ChunkDefect, String, SampleSite.Script.Ending)]
    )
    func `chunks are as good as wanted`(
        defect: SampleSite.Fault.ChunkDefect,
        rest: String,
        ending: SampleSite.Script.Ending
    ) throws {
        let begin = "HTTP/1.1 200 OK\r\n\(fields)Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n"
        #expect(try script(.chunks(defect)) == text(begin + rest, then: ending))
    }

    @Test func `a reset comes where it is wanted`() throws {
        #expect(try script(.reset(.beforeAnswer)) == text("", then: .reset))
        let half = Array(right().utf8.prefix(right().utf8.count / 2))
        #expect(try script(.reset(.insideHead)) == Script(half, then: .reset))
        #expect(try script(.reset(.insideBody)) == text(right() + "01234", then: .reset))
    }

    @Test func `time passes before an answer or before each byte`() throws {
        let whole = Array((right() + "0123456789").utf8)
        #expect(try script(.delay(.seconds(9))) == Script([.wait(.seconds(9)), .send(whole)]))
        let drip = try script(.drip(every: .seconds(1)))
        #expect(drip.steps.count == 21)
        #expect(drip.steps[0] == .send(Array(right().utf8)))
        #expect(drip.steps[1] == .wait(.seconds(1)))
        #expect(drip.steps[20] == .send([0x39]))
    }

    @Test func `headers replace those of the same name`() throws {
        let script = try script(.headers(["etag": "e", "X": "1", "X": "2"]))
        let head = "Content-Type: image/png\r\netag: e\r\nX: 1\r\nX: 2\r\nContent-Length: 10"
        #expect(script == text("HTTP/1.1 200 OK\r\n\(head)\r\n\r\n0123456789", then: .stayOpen))
    }

    @Test func `a changing tag meets no condition`() throws {
        let wish = "\r\nRange: bytes=5-\r\nIf-Range: \"changed-1\""
        let first = try script(.changingTag, number: 1, headers: wish)
        let second = try script(.changingTag, number: 2, headers: wish)
        #expect(first != second)
        guard case .send(let bytes) = second.steps[0] else { return }
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\r\n\r\n0123456789"))
    }

    @Test func `a part comes without being asked for`() throws {
        let head = "HTTP/1.1 206 Partial Content\r\n\(fields)Content-Range: bytes 2-4/10"
        let expected = "\(head)\r\nContent-Length: 3\r\n\r\n234"
        #expect(try script(.part(2..<5)) == text(expected, then: .stayOpen))
    }

    @Test func `a body is packed`() throws {
        let packed = Deflate.gzip(stored: resource.body)
        let head = "HTTP/1.1 200 OK\r\n\(fields)Content-Encoding: gzip"
        let expected = Array("\(head)\r\nContent-Length: \(packed.count)\r\n\r\n".utf8) + packed
        #expect(try script(.gzip) == Script(expected))
        #expect(Checksum.crc32(packed) == 2_928_275_970)
    }

    @Test func `raw bytes are all there is`() throws {
        #expect(try script(.raw([0, 255])) == Script([0, 255], then: .close))
    }
}
