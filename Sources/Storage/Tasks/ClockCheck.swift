import CrawlModel
import GRDB

/// Mends times after the clock was set back: tasks and hosts would wait for as long as it was set back.
enum ClockCheck {
    /// Makes tasks due at once that are due later than the policy makes a task wait.
    ///
    /// Looks at one range of an index for each host, however many tasks there are.
    static func mendDueTimes(
        in db: Database,
        longestWait: Duration,
        at now: Timestamp
    ) throws {
        let latest = (now + longestWait).milliseconds
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

    /// Opens hosts that are to wait for longer than any host may ask for.
    static func mendHosts(in db: Database, _ politeness: Politeness, at now: Timestamp) throws {
        let longest = max(
            politeness.longestWait,
            politeness.delay ?? .zero,
            HostBreaker.longestWait
        )
        try db.execute(
            sql: """
                update host
                set next_ms = iif(next_ms > ?1, 0, next_ms),
                    blocked_until_ms = iif(blocked_until_ms > ?1, 0, blocked_until_ms),
                    robots_ms = min(robots_ms, ?2)
                where next_ms > ?1 or blocked_until_ms > ?1 or robots_ms > ?2
                """,
            arguments: [(now + longest).milliseconds, now.milliseconds]
        )
    }
}
