import CrawlModel
import Fetching
import Storage

/// Leads a body into an unfinished file, and accepts it there as a picture or throws it away.
///
/// Unchecked: the fetcher's thread is the only one to touch it until the transfer is over, and the worker
/// that waits for the transfer the only one after.
final class PartSink: BodySink, @unchecked Sendable {
    private let part: PartFile
    /// Why the disk could not take the body: nothing to do with this picture, so the crawl ends.
    private(set) var error: StoreError?
    /// Whether the whole body is an accepted picture.
    private(set) var verdict: Result<(content: ImageContent, format: ImageFormat), Failure> =
        .failure(Failure(.notAnImage, "the answer was empty"))

    init(_ part: PartFile) { self.part = part }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        try keeping { () throws(StoreError) in try part.append(bytes) }
    }

    func finish(_ response: FetchResponse) throws {
        try keeping { () throws(StoreError) in
            let content = try part.finish()
            switch content.judge(isFramed: response.isFramed) {
            case .success(let format):
                try part.accept()
                verdict = .success((content, format))
            case .failure(let failure):
                part.discard()
                verdict = .failure(failure)
            }
        }
    }

    func abandon() { part.discard() }

    private func keeping(_ write: () throws(StoreError) -> Void) throws(StoreError) {
        do throws(StoreError) {
            try write()
        } catch {
            self.error = error
            part.discard()
            throw error
        }
    }
}
