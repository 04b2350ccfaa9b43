package import CrawlModel
import Foundation
import GRDB

/// A picture that has changed at its address, whose file waits for its name.
package struct ChangedImage: Sendable {
    /// The picture that is asked for again.
    let task: ImageTask
    /// What its address has now.
    let content: ImageContent
    /// The extension that the other bytes should have.
    let extensionName: String
    /// Whether its file may get the name of the older one.
    let mayReplace: Bool

    /// A changed picture of its parts.
    package init(
        task: ImageTask,
        content: ImageContent,
        extensionName: String,
        mayReplace: Bool
    ) {
        self.task = task
        self.content = content
        self.extensionName = extensionName
        self.mayReplace = mayReplace
    }
}

extension Store {
    /// Writes down which pictures are about to be saved, and under which paths, before their files get these.
    ///
    /// From now on the file of a picture that is replaced may be the older one or the coming one, and after
    /// a crash the coming one is found without a request.
    ///
    /// - Parameter changes: Pictures with other bytes than before.
    /// - Returns: The path of each, in order; `nil` for one that this run does not hold.
    /// - Throws: `StoreError`; then nothing is written.
    package func announce(_ changes: [ChangedImage]) async throws(StoreError) -> [ImagePath?] {
        guard !changes.isEmpty else { return [] }
        return try await write(synced: .now) { transaction in
            try changes.map { try transaction.announce($0) }
        }
    }
}

extension Transaction {
    fileprivate func announce(_ change: ChangedImage) throws -> ImagePath? {
        let task = change.task
        guard try holds(.refresh, task.id) else { return nil }
        if let coming = task.older?.coming, coming.digest == change.content.digest,
            coming.replaces == change.mayReplace
        {
            return coming.path
        }
        try dropComing(of: task.id)
        let path = change.mayReplace ? task.path : try pathBeside(change)
        known.noteVersion()
        let key = path.key
        try db.execute(
            sql: """
                insert into version (image_id, how, folder_id, stem, stem_key, extension, owns_path,
                    bytes, digest)
                values (?, 'coming', ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                task.id, try known.id(of: path.folder, in: .folder, db), path.stem,
                key == path.stem ? nil : key, path.extensionName, change.mayReplace ? 0 : 1,
                change.content.bytes, Data(change.content.digest),
            ]
        )
        return path
    }

    /// A free path like the one that the picture had first.
    private func pathBeside(_ change: ChangedImage) throws -> ImagePath {
        var path = change.task.path
        let first = try String.fetchOne(
            db,
            sql: "select stem from version where image_id = ? and how = 'kept' order by id limit 1",
            arguments: [change.task.id]
        )
        path.stem = first ?? path.stem
        path.extensionName = change.extensionName
        let folder = try known.id(of: path.folder, in: .folder, db)
        if try owner(of: path, folder: folder) == nil { return path }
        return try freePath(like: path, folder: folder)
    }

    /// Gives up a picture that was coming.
    func dropComing(of id: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "delete from version where image_id = ? and how = 'coming'"
        )
        try statement.execute(arguments: [id])
    }

    /// Lets the coming picture and the one of the row change places.
    mutating func change(_ ending: TaskEnding<RefreshedImage>, to image: SavedImage) throws {
        let id = ending.taskID
        let row = try Row.fetchOne(
            db,
            sql: """
                select coming.id, coming.folder_id, coming.stem, coming.stem_key, coming.extension,
                    image.bytes
                from version as coming join image on image.id = coming.image_id
                where coming.image_id = ? and coming.how = 'coming' and coming.digest = ?
                """,
            arguments: [id, Data(image.digest)]
        )
        guard let row else { preconditionFailure("a picture came that was not announced") }
        let columns = "folder_id, stem, stem_key, extension, bytes, digest, http_status"
        try db.execute(
            sql: """
                update version
                set how = iif(owns_path = 1, 'kept', 'replaced'), replaced_ms = ?,
                    replaced_run_id = ?, (\(columns), saved_ms, saved_run_id) =
                    (select \(columns), ended_ms, run_id from image where id = ?)
                where id = ?
                """,
            arguments: [ending.ended.milliseconds, runID, id, row[0] as Int64]
        )
        try db.execute(
            sql: """
                update image
                set caption = iif(stem = ?2, caption, coalesce(caption, stem)), folder_id = ?1,
                    stem = ?2, stem_key = ?3, extension = ?4, bytes = ?5, digest = ?6,
                    validator = ?7, http_status = ?8, ended_ms = ?9, took_ms = ?10, run_id = ?11,
                    attempts = attempts + 1
                where id = ?12
                """,
            arguments: [
                row[1] as Int64, row[2] as String, row[3] as String?, row[4] as String, image.bytes,
                Data(image.digest), image.validator, image.status, ending.ended.milliseconds,
                ending.took.milliseconds, runID, id,
            ]
        )
        // What was skipped since it has the bytes that were here is nowhere now.
        let heirs = try skippedForBytes(of: "\(id)")
        try dropDuplicates(of: "\(id)")
        try revive(heirs)
        tally.add(0, .image, .done, bytes: image.bytes - (row[5] as Int))
        refreshes.changed += 1
        refreshes.bytes += image.bytes
    }
}
