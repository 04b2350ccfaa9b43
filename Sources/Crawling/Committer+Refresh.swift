import CrashPoints
import CrawlModel
import Pools
import Storage

/// Pictures that were asked for again.
extension Committer {
    /// Commits how tries of saved pictures ended.
    ///
    /// The order for one that has changed: its part is complete and accepted, what it will be is written
    /// down, it is synced and gets its name, and only then its row changes.
    ///
    /// - Returns: How many of them have changed.
    /// - Throws: `StoreError` if the disk or the database is broken.
    func commit(refreshes batch: [FinishedImage]) async throws -> Int {
        var outcomes = batch.map(\.outcome)
        var paths = batch.map { $0.task.older?.coming?.path ?? $0.task.path }
        try await publishChanged(batch, &outcomes, &paths)
        let endings = batch.indices.compactMap { offset in
            ending(of: batch[offset], outcomes[offset]) {
                refreshed(batch[offset], outcomes[offset], paths[offset])
            }
        }
        try await store.finish(refreshes: endings, hasHook: recipe.hooks.onImage != nil)
        return try await conclude(.refresh, batch, outcomes, paths)
    }

    private func refreshed(
        _ image: FinishedImage,
        _ outcome: FinishedImage.Outcome,
        _ path: ImagePath
    ) -> RefreshedImage? {
        if case .unchanged = outcome { return .unchanged(validator: image.validator) }
        return saved(image, outcome, path).map { .changed($0) }
    }

    private func publishChanged(
        _ batch: [FinishedImage],
        _ outcomes: inout [FinishedImage.Outcome],
        _ paths: inout [ImagePath]
    ) async throws {
        let offsets = batch.indices.filter {
            if case .complete = outcomes[$0] { true } else { false }
        }
        let changes = try await threads.map(offsets.map { batch[$0] }, chunkSize: 8) { image in
            try change(image)
        }
        let announced = try await store.announce(changes.compactMap(\.self))
        if !offsets.isEmpty { CrashPoint.announced.pass() }
        var files: [UnpublishedFile] = []
        var places: [Int] = []
        for (offset, path) in zip(offsets, announced) {
            guard let path, case .complete(let content, _, _) = outcomes[offset] else { continue }
            let task = batch[offset].task
            paths[offset] = path
            places.append(offset)
            let replaced = path == task.path ? task.older?.digest : nil
            files.append(
                UnpublishedFile(id: task.id, path: path, content: content, replaced: replaced)
            )
        }
        let found = batch.indices.filter {
            if case .published = outcomes[$0] { true } else { false }
        }
        guard !files.isEmpty || !found.isEmpty else { return }
        let refusals = try await threads.apply { [vault, files, paths] in
            try vault.publish(files, found: found.map { paths[$0] })
        }
        for (offset, refusal) in zip(places, refusals) {
            if let refusal { outcomes[offset] = .failed(refusal, .never) }
        }
    }

    /// What is to be known of a picture that has changed before its file gets a name.
    ///
    /// The older one loses its name only if it came from its address and is still what was saved: a file that
    /// was there before, or that somebody has changed, is not magpie's. Blocking: reads the file, where it may be replaced.
    private func change(_ image: FinishedImage) throws(StoreError) -> ChangedImage? {
        guard let older = image.task.older,
            case .complete(let content, let format, _) = image.outcome
        else { return nil }
        let path = image.task.path
        let fits = !recipe.path.hasExtension || format.extensionNames.contains(path.extensionName)
        var mayReplace = recipe.onChange == .replace && older.wasFetched && fits
        if mayReplace { mayReplace = try !vault.hasAnother(than: older.digest, at: path) }
        return ChangedImage(
            task: image.task,
            content: content,
            extensionName: fits ? path.extensionName : format.extensionNames[0],
            mayReplace: mayReplace
        )
    }
}
