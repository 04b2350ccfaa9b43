import CrashPoints
package import CrawlModel
import GRDB

extension Store {
    /// Makes failed tasks ready again; their tries start anew, their attempts stay as history.
    ///
    /// Hosts that were parked or given up for them are asked again as if they had never failed; what a
    /// host asked for itself still holds.
    ///
    /// - Parameter selection: Which ones.
    /// - Returns: How many became ready, by kind.
    /// - Throws: `StoreError`; then none did.
    package func retry(_ selection: RetrySelection) async throws(StoreError) -> [TaskKind: Int] {
        try await write(synced: .now) { transaction in
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
        try db.execute(
            sql: """
                update \(kind)
                set state = 0, run_id = null, due_ms = 0, tries = 0, interrupted = 0,
                    ended_ms = null, took_ms = null, http_status = null, error_class = null
                where id in (\(rows.sql))
                """,
            arguments: rows.arguments
        )
        return total
    }
}
