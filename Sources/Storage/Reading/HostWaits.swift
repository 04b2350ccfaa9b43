package import CrawlModel
import GRDB

/// A host whose ready tasks have to wait.
package struct HostWait: Equatable, Sendable {
    /// Why they do.
    package enum Reason: Equatable, Sendable {
        /// The host asked to be left alone (`Retry-After`).
        case leftAlone
        /// Nothing but failures came of it, so many in a row; it is looked at again then.
        case parked(failures: Int)
        /// What is left of it failed and is to be tried again.
        case triedAgain
        /// Its requests follow each other so slowly; as its robots.txt asks, or because it has trouble.
        case slow(delay: Duration, byRobots: Bool)
    }

    /// Host and port.
    package let host: String
    /// Why.
    package let reason: Reason
    /// When the next of them may be claimed; in the past for a host that is only slow.
    package let until: Timestamp
}

/// Hosts whose ready tasks have to wait, the longest wait first.
package struct HostWaits: Equatable, Sendable {
    /// Some of them.
    package var hosts: [HostWait] = []
    /// How many there are.
    package var inAll = 0

    /// No host waits.
    package init() {}

    /// Delays from here on are told, in milliseconds.
    private static let slowDelay = 1000
    /// Waits from here on are told, so that those of a moment don't flicker.
    private static let shortWait = Duration.seconds(1)

    /// Looks at every host, but not at their tasks.
    fileprivate init(_ db: Database, at now: Timestamp, limit: Int) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                with ready as (
                    select name, blocked_until_ms as blocked, failures, parkings,
                        (select min(due_ms) from (select page_due_ms as due_ms
                            union all select image_due_ms union all select refresh_due_ms)) as due,
                        max(delay_ms, crawl_delay_ms) as delay,
                        crawl_delay_ms >= delay_ms as by_robots
                    from host where coalesce(page_due_ms, image_due_ms, refresh_due_ms) is not null)
                select *, count(*) over () as hosts from ready
                where max(blocked, due) > ?1 or delay >= ?2
                order by max(blocked, due) desc, delay desc, name limit ?3
                """,
            arguments: [(now + Self.shortWait).milliseconds, Self.slowDelay, limit]
        )
        hosts = rows.map { Self.wait($0, now) }
        inAll = rows.first?["hosts"] ?? 0
    }

    private static func wait(_ row: Row, _ now: Timestamp) -> HostWait {
        let (blocked, due): (Int, Int) = (row["blocked"], row["due"])
        let reason: HostWait.Reason =
            if max(blocked, due) <= now.milliseconds {
                .slow(delay: .milliseconds(row["delay"] as Int), byRobots: row["by_robots"])
            } else if due > blocked {
                .triedAgain
            } else if row["parkings"] as Int > 0 {
                .parked(failures: row["failures"])
            } else {
                .leftAlone
            }
        return HostWait(
            host: row["name"],
            reason: reason,
            until: Timestamp(milliseconds: max(blocked, due))
        )
    }
}

extension CrawlReader {
    /// Hosts with ready tasks that have to wait.
    ///
    /// - Parameters:
    ///   - now: The time of day.
    ///   - limit: How many are wanted at most.
    /// - Returns: The hosts.
    /// - Throws: `StoreError`.
    package func waits(at now: Timestamp, limit: Int) throws(StoreError) -> HostWaits {
        try read { try HostWaits($0, at: now, limit: limit) }
    }
}

extension Store {
    /// Hosts with ready tasks that have to wait, for the process that crawls: a second connection of its
    /// own would keep the log from being copied at the end.
    ///
    /// - Parameters:
    ///   - now: The time of day.
    ///   - limit: How many are wanted at most.
    /// - Returns: The hosts.
    /// - Throws: `StoreError`, also after the run has ended.
    package func waits(at now: Timestamp, limit: Int) async throws(StoreError) -> HostWaits {
        try await write { try HostWaits($0.db, at: now, limit: limit) }
    }
}
