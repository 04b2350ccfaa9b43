import CrashPoints
import CrawlModel
import Pools
import Storage

/// Gives finished pictures their names and commits them, many at a time.
///
/// One sync and one transaction serve a batch, which is what makes surviving a power cut cheap. The order
/// is that of the guarantee: parts are complete and accepted, a changed path is reserved in the database,
/// the batch is synced, renamed, its folders synced, and only then its rows say done.
struct Committer: Sendable {
    let recipe: Recipe
    let store: Store
    let vault: Vault
    let threads: ThreadPool
    let journal: Journal
    let surroundings: Surroundings
    private let queue = JoinableQueue<FinishedImage>(capacity: batchMax)

    /// Files in one batch: many enough to make a sync cheap on a slow disk.
    ///
    /// Batches of 256 were mostly full, and cost a fifteenth of the time of a crawl of `seed`.
    private static let batchMax = 1024
    /// How long the first of a batch waits for others.
    private static let patience = Duration.milliseconds(10)

    init(
        recipe: Recipe,
        store: Store,
        vault: Vault,
        threads: ThreadPool,
        journal: Journal,
        surroundings: Surroundings
    ) {
        self.recipe = recipe
        self.store = store
        self.vault = vault
        self.threads = threads
        self.journal = journal
        self.surroundings = surroundings
    }

    /// Hands over a finished picture; waits while the batch before is full.
    func put(_ image: FinishedImage) async throws { try await queue.put(image) }

    /// Nothing more will come.
    func close() { queue.close() }

    /// Commits until the queue is closed and empty.
    ///
    /// - Parameter committed: Called with the number of tasks of each batch, and how many of them are done.
    /// - Throws: `StoreError` if a batch can't be committed; its files may have their names then.
    func run(committed: @Sendable (_ count: Int, _ saved: Int) -> Void) async throws {
        while let first = try await queue.get() {
            try? await surroundings.sleep(Self.patience)
            let batch = [first] + queue.getWaiting(atMost: Self.batchMax - 1)
            committed(batch.count, try await commit(batch))
        }
    }

    /// - Returns: How many of them are done.
    private func commit(_ batch: [FinishedImage]) async throws -> Int {
        let refreshes = batch.filter { $0.task.older != nil }
        if refreshes.isEmpty { return try await commit(new: batch) }
        let new = batch.filter { $0.task.older == nil }
        return try await commit(new: new) + commit(refreshes: refreshes)
    }

    private func commit(new batch: [FinishedImage]) async throws -> Int {
        var outcomes = batch.map(\.outcome)
        var paths = batch.map(\.task.path)
        try await reserveCorrectedPaths(batch, &outcomes, &paths)
        let duplicates = try await publishOnce(batch, &outcomes, paths)
        let endings = batch.indices.compactMap { offset in
            ending(of: batch[offset], outcomes[offset]) {
                saved(batch[offset], outcomes[offset], paths[offset])
            }
        }
        _ = try await store.finish(
            images: endings,
            duplicates: duplicates,
            hasHook: recipe.hooks.onImage != nil
        )
        return try await conclude(.image, batch, outcomes, paths)
    }

    /// Gives back what was not asked for, and notes what became of the rest.
    ///
    /// - Returns: How many are saved.
    func conclude(
        _ kind: TaskKind,
        _ batch: [FinishedImage],
        _ outcomes: [FinishedImage.Outcome],
        _ paths: [ImagePath]
    ) async throws -> Int {
        let givenBack = batch.indices.filter {
            if case .givenBack = outcomes[$0] { true } else { false }
        }
        try await store.release(kind, ids: givenBack.map { batch[$0].task.id })
        CrashPoint.imagesEnded.pass()
        for (offset, image) in batch.enumerated() {
            if case .complete = outcomes[offset] { journal.note(saved: paths[offset]) }
            guard case .failed(let failure, let verdict) = outcomes[offset] else { continue }
            journal.note(failure, of: "\(image.task.address)", isFinal: verdict.due == nil)
        }
        return outcomes.count(where: \.isSaved)
    }

    /// Where bytes and extension disagree, the bytes are right.
    private func reserveCorrectedPaths(
        _ batch: [FinishedImage],
        _ outcomes: inout [FinishedImage.Outcome],
        _ paths: inout [ImagePath]
    ) async throws {
        guard recipe.path.hasExtension else { return }
        var wrong: [(offset: Int, task: ImageTask, extensionName: String)] = []
        for (offset, image) in batch.enumerated() {
            guard case .complete(_, let format, _) = image.outcome,
                !format.extensionNames.contains(image.task.path.extensionName)
            else { continue }
            wrong.append((offset, image.task, format.extensionNames[0]))
        }
        let reserved = try await store.reserve(
            wrong.map { ($0.task, $0.extensionName) },
            onConflict: recipe.onConflict
        )
        if !wrong.isEmpty { CrashPoint.reserved.pass() }
        var refused: [Int64] = []
        for (change, reservation) in zip(wrong, reserved) {
            switch reservation {
            case .owned(let path): paths[change.offset] = path
            case .taken(let owner):
                refused.append(change.task.id)
                outcomes[change.offset] = .skipped(
                    Failure(.pathTaken, "image \(owner) has the path with the right extension")
                )
            }
        }
        guard !refused.isEmpty else { return }
        try await threads.apply { [vault, refused] in refused.forEach(vault.discardPart) }
    }

    /// Publishes the pictures at some places of a batch.
    func publish(
        _ chosen: [Int],
        of batch: [FinishedImage],
        _ outcomes: inout [FinishedImage.Outcome],
        _ paths: [ImagePath]
    ) async throws {
        var offsets: [Int] = []
        var files: [UnpublishedFile] = []
        var found: [ImagePath] = []
        for offset in chosen {
            switch outcomes[offset] {
            case .complete(let content, _, _):
                let id = batch[offset].task.id
                offsets.append(offset)
                files.append(UnpublishedFile(id: id, path: paths[offset], content: content))
            case .published: found.append(paths[offset])
            case .failed, .skipped, .unchanged, .givenBack: break
            }
        }
        guard !files.isEmpty || !found.isEmpty else { return }
        let refusals = try await threads.apply { [vault, files, found] in
            try vault.publish(files, found: found)
        }
        for (offset, refusal) in zip(offsets, refusals) {
            if let refusal { outcomes[offset] = .skipped(refusal) }
        }
    }

    /// How a try ended, as it is recorded; `nil` where there is nothing to record.
    func ending<Success>(
        of image: FinishedImage,
        _ outcome: FinishedImage.Outcome,
        success: () -> Success?
    ) -> TaskEnding<Success>? {
        let result: TaskEnding<Success>.Outcome? =
            switch outcome {
            case .complete, .published, .unchanged: success().map { .done($0) }
            case .failed(let failure, let verdict):
                .failed(failure, due: verdict.due, counts: verdict.counts)
            case .skipped(let failure): .skipped(failure)
            case .givenBack: nil
            }
        return result.map {
            TaskEnding(
                taskID: image.task.id,
                outcome: $0,
                ended: image.ended,
                took: image.ended - image.started
            )
        }
    }

    /// What is kept of a picture that is there now; `nil` for another ending.
    func saved(
        _ image: FinishedImage,
        _ outcome: FinishedImage.Outcome,
        _ path: ImagePath
    ) -> SavedImage? {
        let (content, status): (ImageContent, Int?)
        switch outcome {
        case .complete(let complete, _, let given): (content, status) = (complete, given)
        case .published(let found): (content, status) = (found, nil)
        case .failed, .skipped, .unchanged, .givenBack: return nil
        }
        return SavedImage(
            path: path,
            bytes: content.bytes,
            digest: content.digest,
            status: status,
            validator: image.validator
        )
    }
}
