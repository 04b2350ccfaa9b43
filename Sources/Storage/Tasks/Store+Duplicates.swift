import CrawlModel
import Foundation
import GRDB

/// A picture whose bytes another one had first.
package struct Duplicate: Sendable {
    /// What became of its file.
    package enum How: Equatable, Sendable {
        /// It is a second name of the first one's file.
        case linked
        /// There is none.
        case skipped
        /// It is whole, for this reason.
        case kept(String)

        var word: String {
            switch self {
            case .linked: "linked"
            case .skipped: "skipped"
            case .kept: "kept"
            }
        }
    }

    /// Its row.
    let id: Int64
    /// The row of the picture that had the bytes first.
    let owner: Int64
    let how: How
    let bytes: Int

    /// A duplicate of its parts; `bytes` is the length of the picture.
    package init(id: Int64, owner: Int64, how: How, bytes: Int) {
        self.id = id
        self.owner = owner
        self.how = how
        self.bytes = bytes
    }
}

extension Store {
    /// Makes sure that pictures are found by their digests.
    ///
    /// The index costs some 20 bytes a picture and is made only where a recipe wants it; then it stays.
    /// In a folder with many pictures it is sorted on disk, so that memory does not grow with them.
    ///
    /// - Throws: `StoreError`.
    package func indexDigests() async throws(StoreError) {
        try await access { db in
            let isThere = try Bool.fetchOne(
                db,
                sql: "select count(*) from sqlite_schema where name = 'image_digest'"
            )
            guard isThere != true else { return }
            try db.execute(sql: "pragma temp_store = file")
            defer { try? db.execute(sql: "pragma temp_store = memory") }
            try db.execute(
                sql: """
                    create index image_digest on image (substr(digest, 1, \(Self.digestBytes)))
                    where state = 2
                    """
            )
        }
    }

    /// The first bytes of a digest, which the index has; the rest is compared.
    fileprivate static let digestBytes = 8

    /// The first done picture with each of these digests.
    ///
    /// - Parameter digests: Digests, after `indexDigests`.
    /// - Returns: The pictures by their digests.
    /// - Throws: `StoreError`.
    package func owners(
        of digests: Set<[UInt8]>
    ) async throws(StoreError) -> [[UInt8]: PublishedImage] {
        guard !digests.isEmpty else { return [:] }
        return try await write { transaction in
            let statement = try transaction.db.cachedStatement(
                sql: """
                    select image.id, folder.path, stem, extension, bytes
                    from image indexed by image_digest join folder on folder.id = image.folder_id
                    where state = 2 and substr(digest, 1, \(Self.digestBytes)) = ? and digest = ?
                    order by image.id limit 1
                    """
            )
            var owners: [[UInt8]: PublishedImage] = [:]
            for digest in digests {
                let start = Data(digest.prefix(Self.digestBytes))
                let row = try Row.fetchOne(statement, arguments: [start, Data(digest)])
                guard let row else { continue }
                let path = ImagePath(folder: row[1], stem: row[2], extensionName: row[3])
                owners[digest] = PublishedImage(
                    id: row[0],
                    path: path,
                    bytes: row[4],
                    digest: digest
                )
            }
            return owners
        }
    }
}

extension Transaction {
    /// Records what became of a duplicate whose ending this transaction has recorded.
    mutating func record(_ duplicate: Duplicate) throws {
        let state: TaskState = duplicate.how == .skipped ? .skipped : .done
        var reason: String?
        if case .kept(let why) = duplicate.how { reason = why }
        let statement = try db.cachedStatement(
            sql: """
                insert into duplicate (image_id, owner_id, how, bytes, reason)
                select id, ?2, ?3, ?4, ?5 from image
                where id = ?1 and state = ?6 and run_id = ?7
                    and exists (select 1 from image where id = ?2 and state = 2)
                on conflict do nothing
                """
        )
        try statement.execute(arguments: [
            duplicate.id, duplicate.owner, duplicate.how.word, duplicate.bytes, reason,
            state.rawValue, runID,
        ])
        // Its path is free for whoever was skipped because of it.
        if duplicate.how == .skipped { try revive(skippedForPath(of: "\(duplicate.id)")) }
    }

    /// The pictures that were skipped since one of these, given by SQL, had their path.
    func skippedForPath(of ids: String) throws -> [Int64] {
        try Int64.fetchAll(db, sql: "select id from image where owner_id in (\(ids))")
    }

    /// The pictures that were skipped since one of these, given by SQL, had their bytes.
    func skippedForBytes(of ids: String) throws -> [Int64] {
        try Int64.fetchAll(
            db,
            sql: "select image_id from duplicate where how = 'skipped' and owner_id in (\(ids))"
        )
    }

    /// Forgets that these, given by SQL, were duplicates, and what was skipped for their sake, which is to
    /// be revived: they are no longer done, or soon no longer there.
    func dropDuplicates(of ids: String) throws {
        try db.execute(
            sql: """
                delete from duplicate
                where image_id in (\(ids)) or (how = 'skipped' and owner_id in (\(ids)))
                """
        )
        try db.execute(
            sql: "update duplicate set owner_id = null where owner_id in (\(ids))"
        )
    }

    /// Makes skipped pictures ready again; one whose path another one has by now is skipped for that.
    ///
    /// Those that are not there or not skipped are left out.
    mutating func revive(_ ids: [Int64]) throws {
        for id in ids.sorted() {
            let row = try Row.fetchOne(
                db,
                sql: """
                    select error_class, host_id, folder_id, path, stem, extension
                    from image join folder on folder.id = folder_id
                    where image.id = ? and state = 4
                    """,
                arguments: [id]
            )
            if let row { try revive(id, row) }
        }
    }

    private mutating func revive(_ id: Int64, _ row: Row) throws {
        let path = ImagePath(folder: row[3], stem: row[4], extensionName: row[5])
        tally.add(-1, .image, .skipped, ErrorClass(rawValue: row[0]))
        if let owner = try owner(of: path, folder: row[2]) {
            try db.execute(
                sql: "update image set error_class = 'path_taken', owner_id = ? where id = ?",
                arguments: [owner, id]
            )
            return tally.add(1, .image, .skipped, .pathTaken)
        }
        try db.execute(
            sql: """
                update image
                set state = 0, owns_path = 1, run_id = null, due_ms = 0, tries = 0, interrupted = 0,
                    ended_ms = null, took_ms = null, http_status = null, error_class = null,
                    owner_id = null
                where id = ?
                """,
            arguments: [id]
        )
        tally.add(1, .image, .ready)
        note(due: .atOnce, .image, host: row[1])
    }
}
