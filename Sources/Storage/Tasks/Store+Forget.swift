import CrawlModel
import GRDB

extension CrawlReader {
    /// How many pictures a selection has.
    ///
    /// - Throws: `StoreError`.
    package func count(_ selection: HistorySelection) throws(StoreError) -> Int {
        try read { db in
            try Int.fetchOne(db, sql: "select count(*) from (\(selection.query([.id])))") ?? 0
        }
    }
}

extension Store {
    /// Removes pictures and their attempts from the database; files on disk are left alone.
    ///
    /// Pictures that were skipped because one of them had the path or the bytes become ready again; of
    /// several that want one path the first gets it. A forgotten picture comes back when the page that
    /// it was found on is asked for again, whether that has changed or not.
    ///
    /// - Parameter selection: Which ones.
    /// - Returns: How many.
    /// - Throws: `StoreError`; then none was removed.
    package func forget(_ selection: HistorySelection) async throws(StoreError) -> Int {
        try await write(synced: .now) { [folder] transaction in
            let db = transaction.db
            try db.execute(
                sql: "create temp table if not exists forgotten (id integer primary key)"
            )
            try db.execute(sql: "delete from forgotten")
            try db.execute(
                sql: "insert into forgotten select id from (\(selection.query([.id])))"
            )
            // Now, since a task to come may get the id of one that is forgotten.
            try folder.removeParts(of: Set(try Int64.fetchAll(db, sql: "select id from forgotten")))
            return try transaction.forget()
        }
    }
}

extension Transaction {
    private static let chosen = "id in (select id from forgotten)"

    /// Forgets the pictures in the table `forgotten`.
    fileprivate mutating func forget() throws -> Int {
        let counts = try Row.fetchAll(
            db,
            sql: """
                select state, iif(state in (3, 4), error_class, ''), count(*),
                    sum(iif(state = 2, bytes, 0))
                from image where \(Self.chosen) group by 1, 2
                """
        )
        for row in counts {
            guard let state = TaskState(rawValue: row[0]) else { continue }
            let errorClass = ErrorClass(rawValue: row[1])
            tally.add(-(row[2] as Int), .image, state, errorClass, bytes: -(row[3] as Int))
        }
        let waiting = try Int.fetchOne(
            db,
            sql: "select count(*) from refresh where \(Self.chosen)"
        )
        tally.add(-(waiting ?? 0), .refresh, .ready)
        let forgotten = "select id from forgotten"
        let heirs = try skippedForPath(of: forgotten) + skippedForBytes(of: forgotten)
        try dropDuplicates(of: forgotten)
        try db.execute(
            sql: "update image set owner_id = null where owner_id in (select id from forgotten)"
        )
        // What a page discovered must not be more than there is; what was skipped before it was tried was
        // not counted.
        try db.execute(
            sql: """
                update page set new_images = max(0, new_images - lost.images)
                from (select page_id, count(*) as images from image
                    where \(Self.chosen)
                        and (state <> 4 or (attempts > 0 and error_class <> 'filtered'))
                    group by 1) as lost
                where page.id = lost.page_id and new_images is not null
                """
        )
        // A page that has not changed must not be passed over when it is asked for again: it shows them.
        try db.execute(
            sql: """
                update page set validator = null
                where validator is not null and id in (select page_id from image where \(Self.chosen))
                """
        )
        try db.execute(
            sql: """
                delete from attempt
                where kind in ('image', 'refresh') and task_id in (select id from forgotten)
                """
        )
        try db.execute(sql: "delete from image where \(Self.chosen)")
        let count = db.changesCount
        try revive(heirs)
        return count
    }
}
