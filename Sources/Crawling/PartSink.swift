import CrawlModel
import Fetching
import Storage

/// Leads a body into an unfinished file, and accepts it there as a picture, leaves it for the next try, or
/// throws it away.
///
/// Unchecked: the fetcher's thread is the only one to touch it until the transfer is over, and the worker
/// that waits for the transfer the only one after.
final class PartSink: BodySink, @unchecked Sendable {
    private let part: PartFile
    private let task: ImageTask
    /// How long the whole file must be, where only its end was sent.
    private var length: Int?
    /// Whether the answer is not the rest of what is there.
    private var isMisfit = false
    /// What was there before this try.
    let begun: (bytes: Int, origin: PartOrigin)?
    /// Why the disk could not take the body: nothing to do with this picture, so the crawl ends.
    private(set) var error: StoreError?
    /// Whether the whole body is an accepted picture.
    private(set) var verdict: Result<(content: ImageContent, format: ImageFormat), Failure> =
        .failure(Failure(.notAnImage, "the answer was empty"))

    init(_ part: PartFile, of task: ImageTask) {
        self.part = part
        self.task = task
        begun = part.origin.map { (part.bytes, $0) }
    }

    func begin(_ head: BodyHead) -> Bool {
        guard head.status == 206 else {
            part.begin(origin(of: head))
            return true
        }
        length = begun.flatMap { head.length(ofRestBehind: $0.bytes, of: $0.origin) }
        isMisfit = length == nil
        return !isMisfit
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        try keeping { () throws(StoreError) in try part.append(bytes) }
    }

    func finish(_ response: FetchResponse) throws {
        try keeping { () throws(StoreError) in
            let content = try part.finish()
            var judgement = content.judge(isFramed: response.isFramed)
            if let length, content.bytes != length {
                let message = "\(content.bytes) of \(length) bytes came"
                judgement = .failure(Failure(.truncated, message, bytes: response.bodyBytes))
            }
            switch judgement {
            case .success(let format):
                try part.accept()
                verdict = .success((content, format))
            case .failure(let failure):
                isMisfit = length.map { content.bytes > $0 } ?? false
                if failure.errorClass == .truncated, !isMisfit {
                    try part.leave()
                } else {
                    part.discard()
                }
                verdict = .failure(failure)
            }
        }
    }

    func abandon() {
        guard !isMisfit else { return part.discard() }
        // What it throws is kept, and ends the crawl.
        try? keeping { () throws(StoreError) in try part.leave() }
    }

    /// Whose body this is, if it is large and its rest could be asked for alone.
    private func origin(of head: BodyHead) -> PartOrigin? {
        guard !head.isEncoded, head.contentLength ?? .max >= PartFile.keptBytesMin,
            let validator = head.validator, validator.isStrong
        else { return nil }
        return PartOrigin(
            asked: task.address.description,
            answered: head.address.description,
            validator: validator.text,
            length: head.contentLength
        )
    }

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

// What became of going on.
extension PartSink {
    /// Whether a try that went on brought as much as is worth keeping.
    ///
    /// Such a one does not count against its task: a long body that is cut off again and again comes to
    /// its end all the same.
    var gotOn: Bool {
        length != nil && part.bytes - (begun?.bytes ?? 0) >= PartFile.keptBytesMin
    }

    /// Whether the server has no rest for what is there.
    func isRefused(by failure: Failure) -> Bool {
        begun != nil && (isMisfit || failure.status == 416)
    }

    /// Whether nothing can come any more of what is left on disk.
    func isUseless(after passage: HostGate.Passage) -> Bool {
        if case .fetched(.unchanged) = passage { return begun != nil }
        guard case .fetched(.failed(let failure)) = passage else { return false }
        return isRefused(by: failure) || failure.errorClass == .tooLarge
    }
}

extension BodyHead {
    /// The length of the whole body, if this answer has the bytes behind those that are there, of the same
    /// body.
    ///
    /// A server that knows no `If-Range` sends the rest of whatever it has now, so the validator is
    /// compared once more (RFC 9110, section 15.3.7.3).
    fileprivate func length(ofRestBehind bytes: Int, of origin: PartOrigin) -> Int? {
        guard !isEncoded, address.description == origin.answered,
            let range = contentRange.flatMap({ ContentRange($0) }), range.first == bytes,
            contentLength == nil || contentLength == range.bytes,
            let length = range.length ?? origin.length, length > range.last,
            origin.length == nil || origin.length == length
        else { return nil }
        let isSame =
            Validator.isTag(origin.validator)
            ? etag == origin.validator
            : etag == nil && (lastModified == nil || lastModified == origin.validator)
        return isSame ? length : nil
    }
}
