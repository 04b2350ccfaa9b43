import CrawlModel
import Fetching
import SampleSite
import Synchronization
import Testing

/// Requests for what has changed, and for the rest of a body.
@Suite(.timeLimit(.minutes(2)))
struct ConditionalFetchTests {
    /// Keeps what it is told of the body, and takes it or not.
    private final class Choosing: BodySink {
        let heads = Mutex<[BodyHead]>([])
        let bytes = Mutex<[UInt8]>([])
        let isAbandoned = Mutex(false)
        private let takes: Bool

        init(takes: Bool = true) { self.takes = takes }

        func begin(_ head: BodyHead) -> Bool {
            heads.withLock { $0.append(head) }
            return takes
        }

        func receive(_ bytes: UnsafeRawBufferPointer) {
            self.bytes.withLock { $0.append(contentsOf: bytes) }
        }

        func finish(_ response: FetchResponse) {}

        func abandon() { isAbandoned.withLock { $0 = true } }
    }

    private static let body = Array((0..<1000).map { UInt8(truncatingIfNeeded: $0) })

    private func fetch(
        _ headers: [HeaderField],
        into sink: Choosing,
        bodyBytesMax: Int = 1000,
        continuesAt: Int = 0,
        isConditional: Bool = false
    ) async throws -> FetchOutcome {
        try await SampleSite.serve { site in
            let headersOfAll: SampleSite.Headers = ["ETag": #""x""#, "Date": "yesterday"]
            site.route("/x", to: SampleSite.Response(headers: headersOfAll, body: Self.body))
            site.route("/moved", to: .html("", status: 200))
            site.fault(.redirect(to: "/x"), at: "/moved")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let request = FetchRequest(
                address: try WebAddress(site.address(of: "/moved")),
                headers: headers,
                bodyBytesMax: bodyBytesMax,
                continuesAt: continuesAt,
                isConditional: isConditional
            )
            return await fetcher.fetch(request, into: sink)
        }
    }

    private static let rest = [
        HeaderField("Range", "bytes=600-"), HeaderField("If-Range", #""x""#),
    ]

    @Test func `the rest of a body comes with what it says of itself`() async throws {
        let sink = Choosing()
        let outcome = try await fetch(Self.rest, into: sink, continuesAt: 600)
        guard case .response(let response) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(response.status == 206)
        #expect(response.bodyBytes == 400)
        #expect(sink.bytes.withLock { $0 } == Array(Self.body[600...]))
        let heads = sink.heads.withLock { $0 }
        #expect(heads.count == 1)
        #expect(heads.first?.status == 206)
        #expect(heads.first?.contentRange == "bytes 600-999/1000")
        #expect(heads.first?.contentLength == 400)
        #expect(heads.first?.address.path == "/x")
        #expect(heads.first?.validator?.text == #""x""#)
    }

    @Test func `the rest counts against the limit with what is there`() async throws {
        let sink = Choosing()
        let outcome = try await fetch(Self.rest, into: sink, bodyBytesMax: 999, continuesAt: 600)
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.errorClass == .tooLarge)
        // A server that sends all of it is held to the same limit, and to no smaller one.
        let all = try await fetch([], into: Choosing(), bodyBytesMax: 1000, continuesAt: 600)
        guard case .response(let response) = all else {
            Issue.record("\(all)")
            return
        }
        #expect(response.bodyBytes == 1000)
    }

    @Test func `a sink that does not want a body gets none of it`() async throws {
        let sink = Choosing(takes: false)
        let outcome = try await fetch([], into: sink)
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.errorClass == .truncated)
        #expect(failure.status == 200)
        #expect(sink.bytes.withLock { $0.isEmpty })
        #expect(sink.isAbandoned.withLock { $0 })
    }

    @Test func `a 304 is an answer where a condition was set`() async throws {
        let sink = Choosing()
        let condition = Validator.condition(#""x""#)
        let outcome = try await fetch([condition], into: sink, isConditional: true)
        guard case .unchanged(let response) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(response.status == 304)
        #expect(response.etag == #""x""#)
        #expect(sink.heads.withLock { $0.isEmpty })
        #expect(sink.isAbandoned.withLock { $0 })
    }
}
