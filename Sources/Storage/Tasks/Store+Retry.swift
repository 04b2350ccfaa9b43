import CrashPoints
package import CrawlModel
import GRDB

extension Store {
    /// Makes failed tasks ready again; their tries start anew, their attempts stay as history.
    ///
    /// Hosts that were parked or given up for them are asked again as if they had never failed; what a
    /// host asked for itself still holds.
    ///
    /// - Parameters:
    ///   - selection: Which ones.
    ///   - readmission: How pictures of class `filtered` come back, if they are selected.
    /// - Returns: How many became ready, by kind.
    /// - Throws: `StoreError`; then none did.
    package func retry(
        _ selection: RetrySelection,
        readmission: Readmission? = nil
    ) async throws(StoreError) -> [TaskKind: Int] {
        try await write(synced: .now) { transaction in
            if let readmission { try transaction.readmit(selection, readmission) }
            var counts: [TaskKind: Int] = [:]
            for rows in try selection.rows(in: transaction.db) {
                counts[rows.kind] = try transaction.retry(rows)
            }
            CrashPoint.retrying.pass()
            return counts
        }
    }
}

extension Transaction {
    fileprivate mutating func retry(_ rows: RetrySelection.Rows) throws -> Int {
        let kind = rows.kind
        if kind == .page { try fail(donePages: rows) }
        let classes = try Row.fetchAll(
            db,
            sql: "select error_class, count(*) from \(kind) where id in (\(rows.sql)) group by 1",
            arguments: rows.arguments
        )
        var total = 0
        for row in classes {
            tally.add(-(row[1] as Int), kind, .failed, ErrorClass(rawValue: row[0]))
            total += row[1]
        }
        tally.add(total, kind, .ready)
        let hosts = try Int64.fetchAll(
            db,
            sql: """
                update host
                set \(kind)_due_ms = 0, failures = 0,
                    blocked_until_ms = iif(parkings > 0, 0, blocked_until_ms), parkings = 0
                where id in (select host_id from \(kind) where id in (\(rows.sql)))
                returning id
                """,
            arguments: rows.arguments
        )
        paces.forgive(Set(hosts))
        // Whatever it was when it was read last, it is to be read.
        let validator = kind == .page ? "validator = null, " : ""
        try db.execute(
            sql: """
                update \(kind)
                set \(validator)state = 0, run_id = null, due_ms = 0, tries = 0, interrupted = 0,
                    ended_ms = null, took_ms = null, http_status = null, error_class = null
                where id in (\(rows.sql))
                """,
            arguments: rows.arguments
        )
        return total
    }
    /// Makes failures of done pages that gave too little, so that what they gave is told as a try.
    private mutating func fail(donePages rows: RetrySelection.Rows) throws {
        let done = "from page where state = 2 and id in (\(rows.sql))"
        let row = try Row.fetchOne(
            db,
            sql: "select count(*), coalesce(sum(bytes), 0) \(done)",
            arguments: rows.arguments
        )
        guard let row, row[0] as Int > 0 else { return }
        tally.add(-(row[0] as Int), .page, .done, bytes: -(row[1] as Int))
        tally.add(row[0], .page, .failed, .extraction)
        try db.execute(
            sql: """
                insert into attempt (kind, task_id, number, run_id, ended_ms, took_ms, error_class,
                    http_status, bytes, message)
                select 'page', id, attempts, run_id, ended_ms, took_ms, 'extraction', http_status,
                    bytes, 'it was read, and items found on it: ' || items
                \(done)
                """,
            arguments: rows.arguments
        )
        try db.execute(
            sql: """
                update page set state = 3, error_class = 'extraction'
                where state = 2 and id in (\(rows.sql))
                """,
            arguments: rows.arguments
        )
    }
}
