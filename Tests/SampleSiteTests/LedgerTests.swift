import Testing

@testable import SampleSite

struct LedgerTests {
    private func request(_ target: String, host: String) throws -> SampleSite.Request {
        let head = "GET \(target) HTTP/1.1\r\nHost: \(host):80"
        return try #require(SampleSite.Request(head: head.utf8))
    }

    @Test func `the most at once is kept in all and for each host`() throws {
        var ledger = SampleSite.Ledger()
        let first = ledger.begin(try request("/1", host: "a"))
        let second = ledger.begin(try request("/2", host: "b"))
        ledger.end(first)
        let third = ledger.begin(try request("/1", host: "b"))
        #expect(ledger.atOnce == 2)
        #expect(ledger.mostAtOnce == 2)
        #expect(ledger.mostAtOncePerHost == ["a": 1, "b": 2])
        for number in [second, third] { ledger.end(number) }
        #expect(ledger.atOnce == 0)
        _ = ledger.begin(try request("/3", host: "b"))
        #expect(ledger.mostAtOnce == 2)
        #expect(ledger.mostAtOncePerHost == ["a": 1, "b": 2])
    }

    @Test func `a request ends once`() throws {
        var ledger = SampleSite.Ledger()
        let first = ledger.begin(try request("/", host: "a"))
        _ = ledger.begin(try request("/", host: "a"))
        ledger.end(first)
        ledger.end(first)
        #expect(ledger.atOnce == 1)
    }

    @Test func `requests are counted by target and kept in order`() throws {
        var ledger = SampleSite.Ledger()
        for target in ["/b", "/a", "/b"] { ledger.end(ledger.begin(try request(target, host: ""))) }
        #expect(ledger.count("/b") == 2)
        #expect(ledger.count("/c") == 0)
        #expect(ledger.requests.map(\.target) == ["/b", "/a", "/b"])
    }
}
