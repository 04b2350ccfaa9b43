import CrawlModel
import Fetching
import SampleSite

/// A fetch that is over: how it ended, and what its sink was told.
struct Fetched {
    let outcome: FetchOutcome
    let sink: RecordingSink

    var response: FetchResponse? {
        if case .response(let response) = outcome { response } else { nil }
    }

    var failure: Failure? {
        if case .failed(let failure) = outcome { failure } else { nil }
    }

    var errorClass: ErrorClass? { failure?.errorClass }

    /// The body as text.
    var text: String { String(decoding: sink.bytes, as: UTF8.self) }
}

extension Fetcher {
    /// Fetches a target of a site, from its first host unless another is asked for by its number.
    func fetch(
        _ target: String,
        of site: SampleSite,
        host: Int = 0,
        headers: [HeaderField] = [],
        timeouts: Timeouts = Timeouts(),
        bodyBytesMax: Int = 1_000_000,
        redirectsMax: Int = 10,
        into sink: RecordingSink = RecordingSink()
    ) async throws -> Fetched {
        let address = try WebAddress("http://\(site.hosts[host]):\(site.port)\(target)")
        let request = FetchRequest(
            address: address,
            headers: headers,
            timeouts: timeouts,
            bodyBytesMax: bodyBytesMax,
            redirectsMax: redirectsMax
        )
        return Fetched(outcome: await fetch(request, into: sink), sink: sink)
    }
}

extension SampleSite {
    /// A header of each request to a target, in the order they came; `nil` where it was not sent.
    func sent(_ header: String, to target: String) -> [String?] {
        ledger.requests.filter { $0.target == target }.map { $0.headers[header] }
    }
}
