import CrashPoints
package import CrawlModel
import GRDB

extension Store {
    /// Makes done pages ready again, to be asked for on condition that they have changed.
    ///
    /// What they gave stays; a page that was read with another recipe than the one in force is read whatever
    /// it is. After a crash either all are ready or none.
    ///
    /// - Returns: How many.
    /// - Throws: `StoreError`; then none is.
    package func refreshPages() async throws(StoreError) -> Int {
        try await write(synced: .now) { transaction in
            let count = try transaction.refreshPages()
            CrashPoint.refreshing.pass()
            return count
        }
    }

    /// Records that a page is what it was when it was read last.
    ///
    /// - Parameters:
    ///   - id: The page's row.
    ///   - ended: When the try ended.
    ///   - took: How long it took.
    /// - Throws: `StoreError`; then nothing is recorded.
    package func finish(
        unchangedPage id: Int64,
        ended: Timestamp,
        took: Duration
    ) async throws(StoreError) {
        try await write { transaction in
            let statement = try transaction.db.cachedStatement(
                sql: """
                    update page
                    set state = 2, ended_ms = ?, took_ms = ?, http_status = 304, tries = tries + 1,
                        attempts = attempts + 1
                    where id = ? and state = 1 and run_id = ?
                    returning bytes
                    """
            )
            let bytes = try Int.fetchOne(
                statement,
                arguments: [ended.milliseconds, took.milliseconds, id, transaction.runID]
            )
            guard let bytes else { return }
            transaction.tally.add(-1, .page, .running)
            transaction.tally.add(1, .page, .done, bytes: bytes)
            CrashPoint.endingPage.pass()
        }
    }
}

extension Transaction {
    fileprivate mutating func refreshPages() throws -> Int {
        // The page of an imported list can't be asked for.
        let read = "state = 2 and level <> \(PagePlace.list)"
        let sum = try Row.fetchOne(
            db,
            sql: "select count(*), coalesce(sum(bytes), 0) from page where \(read)"
        )
        guard let sum, sum[0] as Int > 0 else { return 0 }
        try db.execute(
            sql: """
                update host set page_due_ms = 0
                where id in (select host_id from page where \(read))
                """
        )
        try db.execute(
            sql: """
                update page
                set state = 0, run_id = null, due_ms = 0, tries = 0, interrupted = 0,
                    ended_ms = null, took_ms = null, http_status = null,
                    validator = iif((select recipe_id from run where run.id = page.run_id)
                        = (select recipe_id from run where run.id = ?), validator, null)
                where \(read)
                """,
            arguments: [runID]
        )
        tally.add(-(sum[0] as Int), .page, .done, bytes: -(sum[1] as Int))
        tally.add(sum[0], .page, .ready)
        return sum[0]
    }
}
