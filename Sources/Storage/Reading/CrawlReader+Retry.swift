package import CrawlModel
import GRDB

/// What a retry would do.
package struct RetryPlan: Sendable {
    /// Some tasks of a kind that failed alike.
    package struct Group: Equatable, Sendable {
        /// The kind of task.
        package let kind: TaskKind
        /// How they failed.
        package let errorClass: ErrorClass
        /// How many they are.
        package let tasks: Int
    }

    /// A task that would be run.
    package struct Task: Equatable, Sendable {
        /// The kind of task.
        package let kind: TaskKind
        /// Its row.
        package let id: Int64
        /// What would be asked for.
        package let address: String
        /// How it failed.
        package let errorClass: ErrorClass
        /// The status of its last try, if there was an answer.
        package let status: Int?
    }

    /// All that would be run, counted; the most frequent first in each kind.
    package let groups: [Group]
    /// The first of them, in the order of their rows.
    package let tasks: [Task]
}

extension CrawlReader {
    /// What a retry of a selection would run.
    ///
    /// - Parameters:
    ///   - selection: Which failed tasks.
    ///   - readmission: How pictures of class `filtered` come back, if they are selected.
    ///   - listed: How many of them to name at most.
    /// - Returns: All of them counted, and some of them named.
    /// - Throws: `StoreError`.
    package func plan(
        _ selection: RetrySelection,
        readmission: Readmission? = nil,
        listed: Int
    ) throws(StoreError) -> RetryPlan {
        try read { db in
            var groups: [RetryPlan.Group] = []
            var tasks: [RetryPlan.Task] = []
            for rows in try selection.rows(in: db) {
                groups += try Self.groups(rows, db)
                tasks += try Self.tasks(rows, atMost: listed - tasks.count, db)
            }
            let readmitted = try readmission?.found(selection, in: db) ?? []
            if !readmitted.isEmpty {
                groups.append(.init(kind: .image, errorClass: .filtered, tasks: readmitted.count))
            }
            tasks += readmitted.prefix(max(0, listed - tasks.count)).map { image in
                RetryPlan.Task(
                    kind: .image,
                    id: image.id,
                    address: image.address,
                    errorClass: .filtered,
                    status: nil
                )
            }
            return RetryPlan(groups: groups, tasks: tasks)
        }
    }

    private static func groups(
        _ rows: RetrySelection.Rows,
        _ db: Database
    ) throws -> [RetryPlan.Group] {
        let kind = rows.kind
        return try Row.fetchAll(
            db,
            sql: """
                select coalesce(error_class, 'extraction'), count(*) from \(kind) where id in (\(rows.sql))
                group by 1 order by 2 desc, 1
                """,
            arguments: rows.arguments
        ).compactMap { row in
            ErrorClass(rawValue: row[0]).map {
                RetryPlan.Group(kind: kind, errorClass: $0, tasks: row[1])
            }
        }
    }

    private static func tasks(
        _ rows: RetrySelection.Rows,
        atMost limit: Int,
        _ db: Database
    ) throws -> [RetryPlan.Task] {
        let kind = rows.kind
        return try Row.fetchAll(
            db,
            sql: """
                select id, \(kind.addressSQL), coalesce(error_class, 'extraction'), http_status
                from \(kind)
                where id in (\(rows.sql)) order by id limit \(limit)
                """,
            arguments: rows.arguments
        ).compactMap { row in
            ErrorClass(rawValue: row[2]).map {
                RetryPlan.Task(
                    kind: kind,
                    id: row[0],
                    address: row[1],
                    errorClass: $0,
                    status: row[3]
                )
            }
        }
    }
}
