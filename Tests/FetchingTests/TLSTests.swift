import CrawlModel
import Fetching
import SampleSite
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct TLSTests {
    @Test(.enabled(if: TLSServer.isPossible, "needs the openssl command"))
    func `a certificate that nobody vouches for is refused`() async throws {
        let server = try await TLSServer()
        defer { server.end() }
        let fetcher = try Fetcher()
        defer { fetcher.shutdown() }
        let address = "https://127.0.0.1:\(server.port)/"
        let sink = RecordingSink()
        let request = FetchRequest(address: try WebAddress(address), bodyBytesMax: 1000)
        let fetched = Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
        #expect(fetched.errorClass == .tls)
        #expect(fetched.failure?.status == nil)
        #expect(sink.endings == [.abandoned])
        // Nor does a redirect get around it.
        try await SampleSite.serve { site in
            site.fault(.redirect(to: address), at: "/")
            let redirected = try await fetcher.fetch("/", of: site)
            #expect(redirected.errorClass == .tls)
        }
    }
}
