import Testing

@testable import SampleSite

struct RequestTests {
    @Test func `a request's target and headers are kept as sent`() throws {
        let head =
            "GET /a%20b?c=%2F HTTP/1.1\r\nHost: 127.0.0.3:8080\r\nX-One:  two three \t\r\nx-one: 4"
        let request = try #require(SampleSite.Request(head: head.utf8))
        #expect(request.method == "GET")
        #expect(request.target == "/a%20b?c=%2F")
        #expect(request.host == "127.0.0.3")
        #expect(request.headers["x-ONE"] == "two three")
        #expect(request.headers.fields.map(\.name) == ["Host", "X-One", "x-one"])
        #expect(request.keepsAlive)
    }

    @Test(arguments: [
        "GET / HTTP/1.0\r\nHost: a", "GET / HTTP/1.1\r\nConnection: Close",
    ])
    func `a client can ask for the end of the connection`(head: String) {
        #expect(SampleSite.Request(head: head.utf8)?.keepsAlive == false)
    }

    @Test(arguments: [
        "", "GET /", "GET / HTTP/2", "GET /a b HTTP/1.1", "GET / HTTP/1.1\r\n: x", "x\0",
    ])
    func `what is no request is none`(head: String) {
        #expect(SampleSite.Request(head: head.utf8) == nil)
    }

    @Test func `setting a header removes the others of its name`() {
        var headers: SampleSite.Headers = ["a": "1", "B": "2", "A": "3"]
        headers["A"] = "4"
        #expect(headers == ["B": "2", "A": "4"])
        headers["b"] = nil
        #expect(headers == ["A": "4"])
    }
}
