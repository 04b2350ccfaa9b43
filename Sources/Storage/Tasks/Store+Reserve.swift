package import CrawlModel
import GRDB

/// What came of asking for another path for a picture.
package enum PathReservation: Equatable, Sendable {
    /// The picture owns this path now.
    case owned(ImagePath)
    /// Another picture owns the path, and the rule is to leave it alone.
    case taken(owner: Int64)
}

extension Store {
    /// Changes the paths of pictures whose bytes disagree with their extension, before they are renamed.
    ///
    /// The row is changed first: after a crash it names the path at which the file may be found.
    ///
    /// - Parameters:
    ///   - changes: The tasks with the extensions their pictures should have.
    ///   - onConflict: What happens if another picture owns the new path.
    /// - Returns: The outcome for each, in order.
    /// - Throws: `StoreError`; then nothing is changed.
    package func reserve(
        _ changes: [(task: ImageTask, extensionName: String)],
        onConflict: ConflictRule
    ) async throws(StoreError) -> [PathReservation] {
        guard !changes.isEmpty else { return [] }
        return try await write { transaction in
            try changes.map { change in
                var path = change.task.path
                path.extensionName = change.extensionName
                return try transaction.reserve(path, for: change.task.id, onConflict: onConflict)
            }
        }
    }
}

extension Transaction {
    fileprivate func reserve(
        _ path: ImagePath,
        for id: Int64,
        onConflict: ConflictRule
    ) throws -> PathReservation {
        var path = path
        let folder = try known.id(of: path.folder, in: .folder, db)
        if let owner = try owner(of: path, folder: folder) {
            // Its own are paths of older versions, which are kept.
            guard onConflict == .rename || owner == id else { return .taken(owner: owner) }
            path = try freePath(like: path, folder: folder)
        }
        let key = path.key
        let statement = try db.cachedStatement(
            sql: """
                update image
                set stem = ?1, stem_key = ?2, extension = ?3, caption = coalesce(caption, stem)
                where id = ?4 and state = 1 and run_id = ?5
                """
        )
        try statement.execute(arguments: [
            path.stem, key == path.stem ? nil : key, path.extensionName, id, runID,
        ])
        return .owned(path)
    }
}
