package import CrawlModel
import GRDB

/// Where a crawl stands.
package struct CrawlStatus: Sendable {
    /// How many tasks stand where.
    package let tally: Tally
    /// The newest run; `nil` before the first.
    package let run: RunStatus?
    /// Failed classes, each with one task as an example, the most frequent first.
    package let failures: [FailureExample]
    /// Pages that were read and on which the recipe found no item.
    package let pagesWithoutItems: Int
    /// One of them.
    package let pageWithoutItems: String?
    /// When the next task is due, if all ready ones wait.
    package let nextDue: Timestamp?
}

/// What is known of a run.
package struct RunStatus: Equatable, Sendable {
    /// The run's id, from 1.
    package let id: Int64
    /// The command that began it.
    package let command: String
    /// When it began.
    package let started: Timestamp
    /// When it ended; `nil` while it works, and after a crash.
    package let ended: Timestamp?
    /// How it ended; `nil` while it works, and after a crash until the next run.
    package let ending: RunEnding?
    /// Pages it read.
    package let pagesDone: Int
    /// Pictures it saved.
    package let imagesDone: Int
}

/// A class of failures with one of its tasks.
package struct FailureExample: Equatable, Sendable {
    /// The kind of task.
    package let kind: TaskKind
    /// The class.
    package let errorClass: ErrorClass
    /// How many failed with it.
    package let tasks: Int
    /// The address of one of them.
    package let address: String
    /// How its last try ended.
    package let message: String
}

extension CrawlReader {
    /// Where the crawl stands, in one consistent look; its cost does not grow with the crawl.
    ///
    /// - Throws: `StoreError`.
    package func status() throws(StoreError) -> CrawlStatus {
        try read { db in
            let tally = try Tally.load(db)
            return CrawlStatus(
                tally: tally,
                run: try Self.newestRun(db),
                failures: try TaskKind.allCases.flatMap { kind in
                    try tally.classes(kind, .failed).compactMap { entry in
                        try Self.example(db, kind, entry.errorClass, tasks: entry.tasks)
                    }
                },
                pagesWithoutItems: try Int.fetchOne(
                    db,
                    sql: "select count(*) from page where state = 2 and items = 0"
                ) ?? 0,
                pageWithoutItems: try String.fetchOne(
                    db,
                    sql: "select url from page where state = 2 and items = 0 limit 1"
                ),
                nextDue: try Int.fetchOne(
                    db,
                    sql: """
                        select min(due) from (
                            select max(page_due_ms, next_ms, blocked_until_ms) as due from host
                            union all
                            select max(image_due_ms, next_ms, blocked_until_ms) from host)
                        """
                ).map(Timestamp.init(milliseconds:))
            )
        }
    }

    private static func newestRun(_ db: Database) throws -> RunStatus? {
        try Row.fetchOne(db, sql: "select * from run order by id desc limit 1").map { row in
            RunStatus(
                id: row["id"],
                command: row["command"],
                started: Timestamp(milliseconds: row["started_ms"]),
                ended: (row["ended_ms"] as Int?).map(Timestamp.init(milliseconds:)),
                ending: (row["ending"] as String?).flatMap(RunEnding.init(rawValue:)),
                pagesDone: row["pages_done"],
                imagesDone: row["images_done"]
            )
        }
    }

    private static func example(
        _ db: Database,
        _ kind: TaskKind,
        _ errorClass: ErrorClass,
        tasks: Int
    ) throws -> FailureExample? {
        let row = try Row.fetchOne(
            db,
            sql: """
                select \(kind.addressSQL), coalesce((
                    select message from attempt
                    where kind = ?1 and task_id = \(kind).id and number = \(kind).attempts), '')
                from \(kind) where state = 3 and error_class = ?2 limit 1
                """,
            arguments: [kind.rawValue, errorClass.rawValue]
        )
        return row.map {
            FailureExample(
                kind: kind,
                errorClass: errorClass,
                tasks: tasks,
                address: $0[0],
                message: $0[1]
            )
        }
    }
}
