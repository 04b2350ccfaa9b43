package import CrawlModel
import GRDB

/// A picture that should be on disk.
package struct PublishedImage: Sendable {
    /// Its row.
    package let id: Int64
    /// Its path, as the row has it.
    package let path: ImagePath
    /// The length of its file in bytes.
    package let bytes: Int
    /// The SHA-256 of its file.
    package let digest: [UInt8]
    /// The SHA-256 of the picture that is about to replace it, and may have done so.
    package var comingDigest: [UInt8]?
}

extension CrawlReader {
    /// Done pictures in the order of their rows, some at a time.
    ///
    /// - Parameters:
    ///   - id: Only those behind this row; 0 for the first.
    ///   - limit: How many at most.
    /// - Returns: The pictures; none behind the last.
    /// - Throws: `StoreError`.
    package func published(after id: Int64, limit: Int) throws(StoreError) -> [PublishedImage] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    select image.id, folder.path, stem, extension, bytes, digest,
                        (select version.digest from version
                            where image_id = image.id and how = 'coming' and version.owns_path = 0)
                    from image join folder on folder.id = image.folder_id
                    where state = 2 and image.id > ? order by image.id limit ?
                    """,
                arguments: [id, limit]
            )
            var images: [PublishedImage] = []
            while let row = try rows.next() {
                images.append(
                    PublishedImage(
                        id: row[0],
                        path: ImagePath(folder: row[1], stem: row[2], extensionName: row[3]),
                        bytes: row[4],
                        digest: try row.withUnsafeData(atIndex: 5) { $0.map(Array.init) ?? [] },
                        comingDigest: try row.withUnsafeData(atIndex: 6) { $0.map(Array.init) }
                    )
                )
            }
            return images
        }
    }

    /// A picture as its row has it now; `nil` if it is not done any more.
    ///
    /// - Throws: `StoreError`.
    package func published(_ id: Int64) throws(StoreError) -> PublishedImage? {
        try published(after: id - 1, limit: 1).first { $0.id == id }
    }

    /// Everything in the database that breaks a guarantee, in one consistent look.
    ///
    /// - Throws: `StoreError` if it can't be read at all.
    package func violations() throws(StoreError) -> [Violation] {
        try read { db in
            var found = try Self.damage(db)
            guard found.isEmpty else { return found }
            for kind in TaskKind.allCases {
                found += try Self.strayTasks(db, kind)
                found += try Self.forgottenTasks(db, kind)
                if kind != .refresh { found += try Self.missingReasons(db, kind) }
                found += try Self.wrongCounts(db, kind)
            }
            found += try Self.lostDiscoveries(db)
            found += try Self.lostOwners(db)
            found += try Self.unsafePaths(db)
            return found
        }
    }

    private static func damage(_ db: Database) throws -> [Violation] {
        let pages = try String.fetchAll(db, sql: "pragma integrity_check").filter { $0 != "ok" }
        let references = try Row.fetchAll(db, sql: "pragma foreign_key_check").map { row in
            "row \(row[1] ?? 0) of \(row[0] as String) refers to a missing \(row[2] as String)"
        }
        return (pages + references).map { Violation(.damagedDatabase, nil, nil, $0) }
    }

    /// Guarantee 2.
    private static func lostDiscoveries(_ db: Database) throws -> [Violation] {
        try rows(
            db,
            .lostDiscovery,
            .page,
            """
            select id, url from page where state = 2
            and new_images > (select count(*) from image where page_id = page.id)
            """
        )
    }

    /// Guarantee 3.
    private static func strayTasks(_ db: Database, _ kind: TaskKind) throws -> [Violation] {
        try rows(
            db,
            .strayTask,
            kind,
            """
            select id, \(kind.addressSQL) from \(kind) where state = 1
            and run_id not in (select id from run where ending is null)
            """
        )
    }

    /// Guarantee 6: what is ready is claimed at some time.
    private static func forgottenTasks(_ db: Database, _ kind: TaskKind) throws -> [Violation] {
        try rows(
            db,
            .forgottenTask,
            kind,
            """
            select \(kind).id, \(kind.addressSQL) from \(kind) join host on host.id = host_id
            where state = 0 and (\(kind)_due_ms is null or \(kind)_due_ms > due_ms)
            """
        )
    }

    /// Guarantee 6: what will not be tried says why.
    private static func missingReasons(_ db: Database, _ kind: TaskKind) throws -> [Violation] {
        let skipped =
            kind == .page
            ? ""
            : """
             or (state = 4 and owner_id is null and not exists (
                select 1 from attempt where kind = '\(kind)' and task_id = \(kind).id))
            """
        return try rows(
            db,
            .missingReason,
            kind,
            """
            select id, \(kind.addressSQL) from \(kind) where (state = 3 and not exists (
                select 1 from attempt
                where kind = '\(kind)' and task_id = \(kind).id and number = attempts))\(skipped)
            """
        )
    }

    /// Guarantee 6: what was skipped as a duplicate is there under another path.
    private static func lostOwners(_ db: Database) throws -> [Violation] {
        try rows(
            db,
            .lostOwner,
            .image,
            """
            select id, \(TaskKind.image.addressSQL) from image
            where state = 4 and error_class = 'duplicate' and not exists (
                select 1 from duplicate join image as owner on owner.id = duplicate.owner_id
                where image_id = image.id and how = 'skipped' and owner.state = 2)
            """
        )
    }

    /// Guarantee 6: the counts are those of the rows.
    private static func wrongCounts(_ db: Database, _ kind: TaskKind) throws -> [Violation] {
        let real = try Tally.count(db, kind)
        let kept = try Tally.load(db)
        return real.differences(from: kept, kind).map { Violation(.wrongCount, nil, nil, $0) }
    }

    /// Guarantee 7.
    private static func unsafePaths(_ db: Database) throws -> [Violation] {
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                select image.id, folder.path, stem, extension, stem_key
                from image join folder on folder.id = folder_id where state <> 4
                union all
                select image_id, folder.path, stem, extension, stem_key
                from version join folder on folder.id = folder_id
                """
        )
        var found: [Violation] = []
        while let row = try cursor.next() {
            let path = ImagePath(folder: row[1], stem: row[2], extensionName: row[3])
            let key: String = row[4] ?? path.stem
            guard !path.isSafe || key != path.key else { continue }
            found.append(Violation(.unsafePath, .image, row[0], path.description))
        }
        return found
    }

    private static func rows(
        _ db: Database,
        _ violation: Violation.Kind,
        _ table: TaskKind,
        _ sql: String
    ) throws -> [Violation] {
        try Row.fetchAll(db, sql: sql).map { Violation(violation, table, $0[0], $0[1]) }
    }
}
