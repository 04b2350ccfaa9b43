import CrashPoints
package import CrawlModel
import GRDB

/// Which failed tasks are meant.
package struct RetrySelection: Equatable, Sendable {
    /// The kinds of task.
    package var kinds: Set<TaskKind>
    /// The error classes; all if empty.
    package var classes: Set<ErrorClass>

    /// A selection; all failed tasks unless said otherwise.
    package init(kinds: Set<TaskKind> = Set(TaskKind.allCases), classes: Set<ErrorClass> = []) {
        self.kinds = kinds
        self.classes = classes
    }

    /// The condition on a task table's rows; holds no text from outside.
    var condition: String {
        guard !classes.isEmpty else { return "state = 3" }
        let words = classes.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return "state = 3 and error_class in (\(words))"
    }
}

extension Store {
    /// Makes failed tasks ready again; their tries start anew, their attempts stay as history.
    ///
    /// - Parameter selection: Which ones.
    /// - Returns: How many became ready, by kind.
    /// - Throws: `StoreError`; then none did.
    package func retry(_ selection: RetrySelection) async throws(StoreError) -> [TaskKind: Int] {
        try await write(synced: .now) { transaction in
            var counts: [TaskKind: Int] = [:]
            for kind in selection.kinds {
                counts[kind] = try transaction.retry(kind, where: selection.condition)
            }
            CrashPoint.retrying.pass()
            return counts
        }
    }
}

extension Transaction {
    fileprivate mutating func retry(_ kind: TaskKind, where condition: String) throws -> Int {
        let classes = try Row.fetchAll(
            db,
            sql: "select error_class, count(*) from \(kind) where \(condition) group by 1"
        )
        var total = 0
        for row in classes {
            tally.add(-(row[1] as Int), kind, .failed, ErrorClass(rawValue: row[0]))
            total += row[1]
        }
        tally.add(total, kind, .ready)
        try db.execute(
            sql: """
                update host set \(kind)_due_ms = 0
                where id in (select host_id from \(kind) where \(condition))
                """
        )
        try db.execute(
            sql: """
                update \(kind)
                set state = 0, run_id = null, due_ms = 0, tries = 0, interrupted = 0,
                    ended_ms = null, took_ms = null, http_status = null, error_class = null
                where \(condition)
                """
        )
        return total
    }
}
