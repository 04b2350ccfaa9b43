import CrawlModel
import Fetching
import Pools
import Storage

/// Takes one picture from its claim to a complete file that waits for its name.
struct ImageWorker: Sendable {
    let requests: RequestMaker
    let gate: HostGate
    let vault: Vault
    let threads: ThreadPool
    let retries: RetryDecision
    /// The longest picture that is accepted.
    let bytesMax: Int
    let now: @Sendable () -> Timestamp

    /// Fetches the picture, or finds it on disk.
    ///
    /// - Returns: How the try ended; `nil` if it was given up because the crawl is to end now.
    /// - Throws: `StoreError` if the disk is full or broken.
    func work(_ claim: ClaimedImage) async throws -> FinishedImage? {
        let started = now()
        if claim.isOnDisk {
            let task = claim.task
            let found = try await threads.apply { [vault] in try vault.find(task) }
            if let outcome = judge(found, of: task) {
                gate.pass(task.address)
                return FinishedImage(
                    task: task,
                    outcome: try await compare(outcome, with: task),
                    started: started,
                    ended: now()
                )
            }
        }
        if claim.task.address.isInline { return try await unpack(claim.task, started) }
        let part = PartSink(try await part(for: claim.task), of: claim.task)
        let request = requests.image(claim.task, goingOn: part.begun)
        let passage = try await gate.fetch(request, into: part)
        if let error = part.error { throw error }
        if Task.isCancelled { return nil }
        if part.isUseless(after: passage) {
            let id = claim.task.id
            try await threads.apply { [vault] in vault.discardPart(id) }
        }
        return FinishedImage(
            task: claim.task,
            outcome: try await compare(conclude(passage, part, claim.task), with: claim.task),
            bytesReceived: Self.bytesReceived(passage),
            validator: passage.validator,
            started: started,
            ended: now()
        )
    }

    private static func bytesReceived(_ passage: HostGate.Passage) -> Int {
        switch passage {
        case .fetched(.response(let response)), .fetched(.unchanged(let response)):
            response.bodyBytes
        case .fetched(.failed(let failure)): failure.bytes
        case .later, .forbidden, .hopeless: 0
        }
    }

    /// Finds out whether what came for a saved picture is that picture; then its part is removed.
    private func compare(
        _ outcome: FinishedImage.Outcome,
        with task: ImageTask
    ) async throws -> FinishedImage.Outcome {
        guard let older = task.older, case .complete(let content, _, _) = outcome,
            content.digest == older.digest
        else { return outcome }
        try await threads.apply { [vault] in vault.discardPart(task.id) }
        return .unchanged
    }

    /// An unfinished file: the one that a try before left, or a new one.
    private func part(for task: ImageTask) async throws -> PartFile {
        if vault.hasBegunPart(task.id) {
            let begun = try await threads.apply { [vault] in try vault.begunPart(for: task) }
            if let begun { return begun }
        }
        return vault.part(for: task)
    }

    /// Bytes that are written at once, as they would come from a server.
    private static let piece = 64 << 10

    /// Writes the bytes that stood in the page; from then on it is a picture like all others.
    private func unpack(_ task: ImageTask, _ started: Timestamp) async throws -> FinishedImage {
        defer { gate.pass(task.address) }
        let outcome: FinishedImage.Outcome
        if let content = try await gate.store.inlineContent(ofImage: task.id) {
            outcome = try await threads.apply { [bytesMax, vault] in
                guard content.count <= bytesMax else {
                    let message = "\(content.count) bytes are more than the \(bytesMax) allowed"
                    return .failed(Failure(.tooLarge, message), .never)
                }
                let part = vault.part(for: task)
                try content.withUnsafeBytes { bytes in
                    for start in stride(from: 0, to: bytes.count, by: Self.piece) {
                        let piece = bytes[start..<min(start + Self.piece, bytes.count)]
                        try part.append(UnsafeRawBufferPointer(rebasing: piece))
                    }
                }
                let written = try part.finish()
                switch written.judge(isFramed: true) {
                case .success(let format):
                    try part.accept()
                    return .complete(written, format, status: nil)
                case .failure(let failure):
                    part.discard()
                    return .failed(failure, .never)
                }
            }
        } else {
            outcome = .failed(
                Failure(.badURL, "its bytes are not kept: read its page again"),
                .never
            )
        }
        return FinishedImage(task: task, outcome: outcome, started: started, ended: now())
    }

    /// What a file that is on disk already means for its task; `nil` if it is to be fetched.
    private func judge(_ found: FoundFile?, of task: ImageTask) -> FinishedImage.Outcome? {
        switch found {
        case nil:
            guard task.older == nil else { return nil }
            return .skipped(Failure(.pathTaken, "something that is no readable file has this path"))
        case .part(let content):
            guard case .success(let format) = content.judge(isFramed: true) else { return nil }
            return .complete(content, format, status: nil)
        case .published(let content):
            // It has the bytes that were announced, and was judged when they came.
            if task.older != nil { return .published(content) }
            // Whole pictures may have bytes behind their end. Such a one is fetched and compared.
            guard case .success = content.judge(isFramed: false) else { return nil }
            return .published(content)
        }
    }

    private func conclude(
        _ passage: HostGate.Passage,
        _ part: PartSink,
        _ task: ImageTask
    ) -> FinishedImage.Outcome {
        switch passage {
        case .later: return .givenBack
        case .forbidden(let failure): return .skipped(failure)
        case .hopeless(let failure): return .failed(failure, .never)
        case .fetched(.failed(let failure)):
            return .failed(failure, verdict(on: failure, part, task))
        case .fetched(.unchanged): return .unchanged
        case .fetched(.response(let response)):
            switch part.verdict {
            case .success(let accepted):
                return .complete(accepted.content, accepted.format, status: response.status)
            case .failure(var failure):
                failure.status = response.status
                return .failed(failure, verdict(on: failure, part, task))
            }
        }
    }

    /// A rest that can't be had is asked for no more: the next try begins anew, at once.
    private func verdict(
        on failure: Failure,
        _ part: PartSink,
        _ task: ImageTask
    ) -> RetryDecision.Verdict {
        if part.isRefused(by: failure) { return .again(at: now()) }
        return retries.verdict(on: failure, tries: task.tries, gotOn: part.gotOn)
    }
}

/// A claimed picture, and whether something is on disk for it already.
struct ClaimedImage: Sendable {
    let task: ImageTask
    let isOnDisk: Bool
}

/// A picture whose try is over and that waits to be committed.
struct FinishedImage: Sendable {
    enum Outcome: Sendable {
        /// Its part is complete and accepted.
        case complete(ImageContent, ImageFormat, status: Int?)
        /// It has its final name already.
        case published(ImageContent)
        case failed(Failure, RetryDecision.Verdict)
        case skipped(Failure)
        /// It is saved already, and its address has the same one.
        case unchanged
        /// It was not asked for and is to be claimed again.
        case givenBack

        /// Whether the picture is there.
        var isSaved: Bool {
            switch self {
            case .complete, .published: true
            case .failed, .skipped, .unchanged, .givenBack: false
            }
        }
    }

    let task: ImageTask
    let outcome: Outcome
    /// Bytes of the body that came in this try.
    var bytesReceived = 0
    /// What tells this state of it from others, if its server said so in few bytes.
    var validator: String?
    let started: Timestamp
    let ended: Timestamp
}

extension HostGate.Passage {
    /// Longer validators are not kept: a row for each of many pictures has them.
    private static var validatorBytesMax: Int { 100 }

    /// The validator of an answer that was a picture, or said that it has not changed.
    fileprivate var validator: String? {
        switch self {
        case .fetched(.response(let response)), .fetched(.unchanged(let response)):
            response.validator.flatMap {
                $0.text.utf8.count <= Self.validatorBytesMax ? $0.text : nil
            }
        default: nil
        }
    }
}
