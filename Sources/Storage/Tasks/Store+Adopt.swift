package import CrawlModel
import Foundation
import GRDB

/// The picture that a file belongs to.
package struct FileOwner: Equatable, Sendable {
    /// Its row.
    package let id: Int64
    /// Where it stands.
    package let state: TaskState
    /// Its path, which is that of the file.
    package let path: ImagePath
}

/// A file that was there before its picture was asked for.
package struct AdoptedFile: Sendable {
    /// The picture it belongs to.
    package let owner: FileOwner
    /// What it holds.
    package let content: ImageContent

    /// A file of its parts.
    package init(owner: FileOwner, content: ImageContent) {
        self.owner = owner
        self.content = content
    }
}

extension CrawlReader {
    /// Whose files these are.
    ///
    /// - Parameter paths: Paths below the crawl folder.
    /// - Returns: For each, in order, the picture that has this very path; `nil` for a stranger.
    /// - Throws: `StoreError`.
    package func owners(of paths: [String]) throws(StoreError) -> [FileOwner?] {
        try read { db in try paths.map { try Self.owner(of: $0, db) } }
    }

    private static func owner(of path: String, _ db: Database) throws -> FileOwner? {
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        let (folder, name) = (String(path[..<cut]), path[cut...])
        // Where the extension begins is the template's affair, so both ways to cut are looked up.
        var pieces = [(stem: String(name), extensionName: "")]
        if let dot = name.lastIndex(of: "."), dot > name.startIndex {
            pieces.append((String(name[..<dot]), String(name[dot...])))
        }
        let statement = try db.cachedStatement(
            sql: """
                select image.id, state, stem from image
                where folder_id = (select id from folder where path = ?)
                    and coalesce(stem_key, stem) = ? and extension = ? and owns_path = 1
                """
        )
        for piece in pieces {
            let row = try Row.fetchOne(
                statement,
                arguments: [folder, ImagePath.key(of: piece.stem), piece.extensionName]
            )
            // The key folds case; the file's name must be the row's own.
            guard let row, let state = TaskState(rawValue: row[1]),
                (row[2] as String).utf8.elementsEqual(piece.stem.utf8)
            else { continue }
            let path = ImagePath(
                folder: folder,
                stem: piece.stem,
                extensionName: piece.extensionName
            )
            return FileOwner(id: row[0], state: state, path: path)
        }
        return nil
    }
}

extension Store {
    /// Records that pictures are done, since their files are there.
    ///
    /// - Parameter files: Whole pictures under their final names, synced; at most one for each picture.
    /// - Returns: How many were recorded; a picture that is done or running by now is left alone.
    /// - Throws: `StoreError`; then none was.
    package func adopt(_ files: [AdoptedFile]) async throws(StoreError) -> Int {
        guard !files.isEmpty else { return 0 }
        return try await write(synced: .now) { transaction in
            var adopted = 0
            for file in files where try transaction.adopt(file) { adopted += 1 }
            return adopted
        }
    }
}

extension Transaction {
    fileprivate mutating func adopt(_ file: AdoptedFile) throws -> Bool {
        let before = try Row.fetchOne(
            db,
            sql: "select state, error_class from image where id = ? and state in (0, 3)",
            arguments: [file.owner.id]
        )
        guard let before, let state = TaskState(rawValue: before[0]) else { return false }
        try db.execute(
            sql: """
                update image set state = 1, run_id = ?, ended_ms = null, error_class = null
                where id = ?
                """,
            arguments: [runID, file.owner.id]
        )
        tally.add(-1, .image, state, (before[1] as String?).flatMap(ErrorClass.init(rawValue:)))
        tally.add(1, .image, .running)
        let image = SavedImage(
            path: file.owner.path,
            bytes: file.content.bytes,
            digest: file.content.digest,
            status: nil
        )
        return try finish(
            image: TaskEnding(
                taskID: file.owner.id,
                outcome: .done(image),
                ended: now,
                took: .zero
            )
        )
    }
}
