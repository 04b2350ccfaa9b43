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
    /// Classes of skipped tasks, each with one task as an example, the most frequent first.
    package let skips: [FailureExample]
    /// A picture that came from many addresses; `nil` if none did lately.
    package let repeated: RepeatedPicture?
    /// How many duplicates had their rule applied, and their bytes, by what became of them.
    package let duplicates: [(how: String, tasks: Int, bytes: Int)]
    /// Pages that were read and on which the recipe found no item.
    package let pagesWithoutItems: Int
    /// One of them.
    package let pageWithoutItems: String?
    /// How many hooks are still to be run.
    package let hooksDue: Int
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
    /// Pictures that it asked for again and that had changed.
    package let imagesChanged: Int
    /// Pictures that it asked for again and that had not.
    package let imagesUnchanged: Int
    /// Pictures that it asked for again and could not have.
    package let refreshesFailed: Int
    /// One of them, with what happened.
    package let failedRefresh: String?
}

/// A picture that was found at several addresses: often a placeholder for one that is not there.
package struct RepeatedPicture: Equatable, Sendable {
    /// At how many addresses, of the newest ones.
    package let addresses: Int
    /// The path of one of them.
    package let path: String
    /// The digest that they share, hexadecimal.
    package let sha256: String
}

/// A class of failures or skips with one of its tasks.
package struct FailureExample: Equatable, Sendable {
    /// The kind of task.
    package let kind: TaskKind
    /// The class.
    package let errorClass: ErrorClass
    /// How many failed or were skipped with it.
    package let tasks: Int
    /// The address of one of them.
    package let address: String
    /// How its last try ended; for a taken path, who has it.
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
                failures: try Self.examples(db, tally, .failed),
                skips: try Self.examples(db, tally, .skipped),
                repeated: try Self.repeated(db),
                duplicates: try Row.fetchAll(
                    db,
                    sql:
                        "select how, tasks, bytes from duplicate_tally where tasks > 0 order by how"
                ).map { ($0[0], $0[1], $0[2]) },
                pagesWithoutItems: try Int.fetchOne(
                    db,
                    sql: "select count(*) from page where state = 2 and items = 0"
                ) ?? 0,
                pageWithoutItems: try String.fetchOne(
                    db,
                    sql: "select url from page where state = 2 and items = 0 limit 1"
                ),
                hooksDue: try Int.fetchOne(db, sql: "select count(*) from hook_due") ?? 0,
                nextDue: try Int.fetchOne(
                    db,
                    sql: """
                        select min(due) from (
                            select max(page_due_ms, next_ms, blocked_until_ms) as due from host
                            union all
                            select max(image_due_ms, next_ms, blocked_until_ms) from host
                            union all
                            select max(refresh_due_ms, next_ms, blocked_until_ms) from host)
                        """
                ).map(Timestamp.init(milliseconds:))
            )
        }
    }

    private static func newestRun(_ db: Database) throws -> RunStatus? {
        try Row.fetchOne(db, sql: "select * from run order by id desc limit 1").map { row in
            let failed: Int = row["refreshes_failed"]
            return RunStatus(
                id: row["id"],
                command: row["command"],
                started: Timestamp(milliseconds: row["started_ms"]),
                ended: (row["ended_ms"] as Int?).map(Timestamp.init(milliseconds:)),
                ending: (row["ending"] as String?).flatMap(RunEnding.init(rawValue:)),
                pagesDone: row["pages_done"],
                imagesDone: row["images_done"],
                imagesChanged: row["images_changed"],
                imagesUnchanged: row["images_unchanged"],
                refreshesFailed: failed,
                failedRefresh: failed == 0 ? nil : try failedRefresh(db, run: row["id"])
            )
        }
    }

    private static func failedRefresh(_ db: Database, run: Int64) throws -> String? {
        try String.fetchOne(
            db,
            sql: """
                select base.url || url_rest || ': ' || message
                from attempt join image on image.id = task_id join base on base.id = base_id
                where kind = 'refresh' and attempt.run_id = ?
                    and task_id not in (select id from refresh) limit 1
                """,
            arguments: [run]
        )
    }

    private static func examples(
        _ db: Database,
        _ tally: Tally,
        _ state: TaskState
    ) throws -> [FailureExample] {
        try TaskKind.allCases.flatMap { kind in
            try tally.classes(kind, state).compactMap { entry in
                try example(db, kind, state, entry.errorClass, tasks: entry.tasks)
            }
        }
    }

    /// Addresses that one picture must have to be told of.
    private static let repeatsMin = 3
    /// Rows that are looked at, so that the cost does not grow with the crawl.
    private static let newestRows = 10_000

    private static func repeated(_ db: Database) throws -> RepeatedPicture? {
        try Row.fetchOne(
            db,
            sql: """
                select addresses, folder.path || stem || extension, lower(hex(digest))
                from (select max(id) as id, count(*) as addresses from
                    (select id, state, digest from image order by id desc limit ?)
                    where state = 2 group by digest having count(*) >= ?) as newest
                join image on image.id = newest.id
                join folder on folder.id = image.folder_id
                order by addresses desc, image.id limit 1
                """,
            arguments: [newestRows, repeatsMin]
        ).map { RepeatedPicture(addresses: $0[0], path: $0[1], sha256: $0[2]) }
    }

    /// SQL for how a task's last try ended, or who has the path that it wanted.
    private static func reasonSQL(_ kind: TaskKind) -> String {
        let owner =
            kind == .image
            ? """
            , (select image.stem || image.extension || ' belongs to ' || b.url || o.url_rest
                from image as o join base as b on b.id = o.base_id where o.id = image.owner_id)
            """ : ""
        return """
            coalesce((select message from attempt
                where kind = ?1 and task_id = \(kind).id and number = \(kind).attempts)\(owner), '')
            """
    }

    private static func example(
        _ db: Database,
        _ kind: TaskKind,
        _ state: TaskState,
        _ errorClass: ErrorClass,
        tasks: Int
    ) throws -> FailureExample? {
        let row = try Row.fetchOne(
            db,
            sql: """
                select \(kind.addressSQL), \(reasonSQL(kind))
                from \(kind) where state = \(state.rawValue) and error_class = ?2 limit 1
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
