import CrawlModel
import Pools
import Storage

/// Pictures with equal bytes, of which the recipe wants one file.
extension Committer {
    /// Publishes a batch, each content once if the recipe says so.
    ///
    /// The first picture with a content is the one that is done already, else the first of the batch that
    /// gets its name; those behind it wait for that. So a batch takes one round, and one more where it has
    /// equal pictures of which none was known.
    ///
    /// - Returns: What became of the duplicates, to be recorded with their endings.
    /// - Throws: `StoreError` if the disk or the database is broken.
    func publishOnce(
        _ batch: [FinishedImage],
        _ outcomes: inout [FinishedImage.Outcome],
        _ paths: [ImagePath]
    ) async throws -> [Duplicate] {
        guard recipe.duplicates != .keep else {
            try await publish(Array(batch.indices), of: batch, &outcomes, paths)
            return []
        }
        var owners = try await store.owners(of: Set(outcomes.compactMap { $0.content?.digest }))
            .mapValues { Owner(id: $0.id, path: $0.path) }
        var duplicates: [Duplicate] = []
        // What has its name already can't be linked any more, only be linked to.
        var left = batch.indices.sorted { outcomes[$0].isNamed && !outcomes[$1].isNamed }
        while !left.isEmpty {
            var firsts: Set<[UInt8]> = []
            let waiting = left.filter { offset in
                guard let digest = outcomes[offset].content?.digest, owners[digest] == nil
                else { return false }
                return !firsts.insert(digest).inserted
            }
            let round = left.filter { !waiting.contains($0) }
            for offset in round {
                guard let content = outcomes[offset].content, let owner = owners[content.digest]
                else { continue }
                let id = batch[offset].task.id
                let how = try await settle(id, outcomes[offset], paths[offset], with: owner)
                duplicates.append(
                    Duplicate(id: id, owner: owner.id, how: how, bytes: content.bytes)
                )
                guard how == .skipped else { continue }
                outcomes[offset] = .skipped(
                    Failure(
                        .duplicate,
                        "image \(owner.id) has the same bytes: \(owner.path)",
                        bytes: content.bytes
                    )
                )
            }
            try await publish(round, of: batch, &outcomes, paths)
            for offset in round {
                guard let digest = outcomes[offset].content?.digest, owners[digest] == nil
                else { continue }
                owners[digest] = Owner(id: batch[offset].task.id, path: paths[offset])
            }
            left = waiting
        }
        return duplicates
    }

    /// The picture that had a content first.
    private struct Owner: Sendable {
        let id: Int64
        let path: ImagePath
    }

    /// Decides what becomes of a duplicate's file, and does it.
    private func settle(
        _ id: Int64,
        _ outcome: FinishedImage.Outcome,
        _ path: ImagePath,
        with owner: Owner
    ) async throws -> Duplicate.How {
        try await threads.apply { [vault, rule = recipe.duplicates] in
            switch outcome {
            case .complete(let content, _, _) where rule == .hardlink:
                return try vault.share(id, content, with: owner.path).map { .kept($0) } ?? .linked
            case .complete(let content, _, _):
                if let reason = try vault.missing(content, at: owner.path) { return .kept(reason) }
                vault.discardPart(id)
                return .skipped
            default:
                // Left by a run that died before its commit, or by somebody else: no file is removed.
                let isOneFile = try vault.isOneFile(path, owner.path)
                return isOneFile ? .linked : .kept("its file was there already")
            }
        }
    }
}

extension FinishedImage.Outcome {
    /// What the picture's file holds, if it has one.
    fileprivate var content: ImageContent? {
        switch self {
        case .complete(let content, _, _), .published(let content): content
        case .failed, .skipped, .unchanged, .givenBack: nil
        }
    }

    /// Whether its file has its final name.
    fileprivate var isNamed: Bool {
        if case .published = self { true } else { false }
    }
}
