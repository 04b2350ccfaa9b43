import GRDB

/// What became of the hooks of the last run.
package struct HookSummary: Sendable {
    /// How many failed.
    package let failures: Int
    /// One of them: the command, and what happened.
    package let example: String?
}

extension CrawlReader {
    /// What became of the hooks of the last run.
    ///
    /// - Throws: `StoreError`.
    package func hooks() throws(StoreError) -> HookSummary {
        try read { db in
            let last = "run_id = (select max(id) from run)"
            return HookSummary(
                failures: try Int.fetchOne(
                    db,
                    sql: "select count(*) from hook_failure where \(last)"
                ) ?? 0,
                example: try String.fetchOne(
                    db,
                    sql: """
                        select command || coalesce(' for ' || path, '') || ': ' || message
                        from hook_failures where \(last) limit 1
                        """
                )
            )
        }
    }
}
