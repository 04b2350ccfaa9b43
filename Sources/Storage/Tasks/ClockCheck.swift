import CrawlModel
import GRDB

/// Mends due times after the clock was set back: a task would wait for as long as it was set back.
enum ClockCheck {
    /// Makes tasks due at once that are due later than any policy makes a task wait.
    ///
    /// Looks at one range of an index for each host, however many tasks there are.
    static func mendDueTimes(in db: Database, at now: Timestamp) throws {
        let latest = (now + RetryPolicy.standard.longestWait).milliseconds
        for kind in TaskKind.allCases {
            try db.execute(
                sql: """
                    update \(kind) set due_ms = 0 where id in (
                        select task.id from host cross join \(kind) as task
                        on task.host_id = host.id and task.state = 0 and task.due_ms > ?
                    )
                    """,
                arguments: [latest]
            )
            try db.execute(
                sql: "update host set \(kind)_due_ms = 0 where \(kind)_due_ms > ?",
                arguments: [latest]
            )
        }
    }
}
