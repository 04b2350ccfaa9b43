package import CrawlModel
import GRDB

/// Which failed tasks are meant; what is left empty leaves none out.
package struct RetrySelection: Equatable, Sendable {
    /// The kinds of task.
    package var kinds: Set<TaskKind>
    /// The error classes.
    package var classes: Set<ErrorClass>
    /// The HTTP statuses of the last try.
    package var statuses: Set<Int>
    /// The hosts; one without a port means all of its ports.
    package var hosts: Set<String>
    /// Only what failed at this time or after it.
    package var since: Timestamp?
    /// A pattern for the paths of pictures, as SQLite's GLOB has it; then no page is meant.
    package var path: String?
    /// How many at most: pages first, and of each kind those that were discovered first.
    package var limit: Int?

    /// A selection; all failed tasks unless said otherwise.
    package init(
        kinds: Set<TaskKind> = Set(TaskKind.allCases),
        classes: Set<ErrorClass> = [],
        statuses: Set<Int> = [],
        hosts: Set<String> = [],
        since: Timestamp? = nil,
        path: String? = nil,
        limit: Int? = nil
    ) {
        self.kinds = kinds
        self.classes = classes
        self.statuses = statuses
        self.hosts = hosts
        self.since = since
        self.path = path
        self.limit = limit
    }

    /// The selected rows of one kind in order, with what a statement needs to find them.
    struct Rows {
        let kind: TaskKind
        /// A query for the rows' ids.
        let sql: String
        let arguments: StatementArguments
    }

    /// The selected rows, kind by kind; none are changed between this and their use.
    func rows(in db: Database) throws -> [Rows] {
        var left = limit ?? -1
        var selected: [Rows] = []
        for kind in [TaskKind.page, .image] where kinds.contains(kind) && left != 0 {
            if kind == .page, path != nil { continue }
            let rows = try rows(kind, limit: left).settled(in: db)
            selected.append(rows)
            guard left > 0 else { continue }
            let count = try Int.fetchOne(
                db,
                sql: "select count(*) from (\(rows.sql))",
                arguments: rows.arguments
            )
            left -= count ?? 0
        }
        return selected
    }

    /// The rows of one kind, at most so many; all if the limit is negative.
    ///
    /// They are failed ones, unless a condition for another state is given.
    func rows(_ kind: TaskKind, limit: Int, state: String? = nil) -> Rows {
        // A page that gave too little was read by a recipe that does not fit it any more.
        let isDrift = kind == .page && classes.contains(.extraction)
        let failed = isDrift ? "(state = 3 or id in (select id from drifts))" : "state = 3"
        var conditions = [state ?? failed]
        // What has no address that can be asked for has no host, and never gets one.
        if kind == .image {
            conditions.append("host_id not in (select id from host where name = '')")
        }
        var arguments = StatementArguments()
        func marks(_ count: Int) -> String {
            Array(repeating: "?", count: count).joined(separator: ", ")
        }
        if !classes.isEmpty {
            conditions.append("coalesce(error_class, 'extraction') in (\(marks(classes.count)))")
            arguments += StatementArguments(classes.map(\.rawValue))
        }
        if !statuses.isEmpty {
            conditions.append("http_status in (\(marks(statuses.count)))")
            arguments += StatementArguments(Array(statuses))
        }
        if !hosts.isEmpty {
            let names = hosts.map { _ in "name = ? or substr(name, 1, length(?) + 1) = ? || ':'" }
            let list = names.joined(separator: " or ")
            conditions.append("host_id in (select host.id from host where \(list))")
            arguments += StatementArguments(hosts.flatMap { [$0, $0, $0] })
        }
        if let since {
            conditions.append("ended_ms >= ?")
            arguments += [since.milliseconds]
        }
        if let path {
            conditions.append(
                """
                (select path from folder where folder.id = folder_id) || stem || extension glob ?
                """
            )
            arguments += [path]
        }
        let sql = """
            select id from \(kind) where \(conditions.joined(separator: " and "))
            order by id limit \(limit)
            """
        return Rows(kind: kind, sql: sql, arguments: arguments)
    }
}

extension RetrySelection.Rows {
    /// The same rows by their ids, where making some of them ready would change which are selected.
    fileprivate func settled(in db: Database) throws -> RetrySelection.Rows {
        guard sql.contains("drifts") else { return self }
        let ids = try Int64.fetchAll(db, sql: sql, arguments: arguments)
        return RetrySelection.Rows(
            kind: kind,
            sql: "select value from json_each(?)",
            arguments: ["[\(ids.map(String.init).joined(separator: ","))]"]
        )
    }
}
