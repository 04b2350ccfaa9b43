package import CrawlModel
import GRDB

/// How many tasks stand where, and how many bytes they have.
package struct Tally: Equatable, Sendable {
    struct Key: Hashable {
        let kind: TaskKind
        let state: TaskState
        let errorClass: ErrorClass?
    }

    struct Count: Equatable {
        var tasks = 0
        var bytes = 0
    }

    private var counts: [Key: Count] = [:]

    /// The number of tasks of a kind in a state.
    package func tasks(_ kind: TaskKind, _ state: TaskState) -> Int {
        counts.reduce(0) { sum, entry in
            entry.key.kind == kind && entry.key.state == state ? sum + entry.value.tasks : sum
        }
    }

    /// The number of failed or skipped tasks of a kind, by class, the most frequent first.
    package func classes(
        _ kind: TaskKind,
        _ state: TaskState
    ) -> [(errorClass: ErrorClass, tasks: Int)] {
        counts
            .compactMap { key, count -> (errorClass: ErrorClass, tasks: Int)? in
                guard key.kind == kind, key.state == state, let errorClass = key.errorClass,
                    count.tasks > 0
                else { return nil }
                return (errorClass, count.tasks)
            }
            .sorted { ($1.tasks, $0.errorClass.rawValue) < ($0.tasks, $1.errorClass.rawValue) }
    }

    /// The bytes of all done tasks of a kind.
    package func bytes(_ kind: TaskKind) -> Int {
        counts[Key(kind: kind, state: .done, errorClass: nil)]?.bytes ?? 0
    }

    /// Whether nothing of either kind is ready or running.
    package var isIdle: Bool {
        TaskKind.allCases.allSatisfy { tasks($0, .ready) + tasks($0, .running) == 0 }
    }

    mutating func apply(_ moves: TallyMoves) {
        for (key, move) in moves.moves {
            counts[key, default: Count()].tasks += move.tasks
            counts[key, default: Count()].bytes += move.bytes
        }
    }

    /// Counts the rows of a kind, one by one.
    static func count(_ db: Database, _ kind: TaskKind) throws -> Tally {
        var tally = Tally()
        let classes = kind == .refresh ? "''" : "iif(state in (3, 4), error_class, '')"
        let bytes = kind == .refresh ? "0" : "sum(iif(state = 2, bytes, 0))"
        let rows = try Row.fetchCursor(
            db,
            sql: "select state, \(classes), count(*), \(bytes) from \(kind) group by 1, 2"
        )
        while let row = try rows.next() {
            guard let state = TaskState(rawValue: row[0]) else { continue }
            let key = Key(kind: kind, state: state, errorClass: ErrorClass(rawValue: row[1]))
            tally.counts[key] = Count(tasks: row[2], bytes: row[3])
        }
        return tally
    }

    /// Where another tally says something else about a kind, a sentence each.
    func differences(from other: Tally, _ kind: TaskKind) -> [String] {
        let keys = Set(counts.keys).union(other.counts.keys).filter { $0.kind == kind }
        return keys.compactMap { key in
            let (mine, others) = (counts[key] ?? Count(), other.counts[key] ?? Count())
            guard mine != others else { return nil }
            let place = "\(kind) \(key.state.word) \(key.errorClass?.rawValue ?? "")"
            return "\(place): \(mine.tasks) with \(mine.bytes) bytes, counted "
                + "\(others.tasks) with \(others.bytes)"
        }.sorted()
    }

    /// Makes the stored counts of a kind those of the rows.
    static func recount(_ db: Database, _ kind: TaskKind) throws {
        try db.execute(sql: "delete from tally where kind = ?", arguments: [kind.rawValue])
        var moves = TallyMoves()
        for (key, count) in try Tally.count(db, kind).counts {
            moves.add(count.tasks, kind, key.state, key.errorClass, bytes: count.bytes)
        }
        try moves.store(in: db)
    }

    static func load(_ db: Database) throws -> Tally {
        var tally = Tally()
        let rows = try Row.fetchCursor(
            db,
            sql: "select kind, state, error_class, tasks, bytes from tally"
        )
        while let row = try rows.next() {
            guard let kind = TaskKind(rawValue: row[0]), let state = TaskState(rawValue: row[1])
            else {
                continue
            }
            let key = Key(kind: kind, state: state, errorClass: ErrorClass(rawValue: row[2]))
            tally.counts[key] = Count(tasks: row[3], bytes: row[4])
        }
        return tally
    }
}

/// What one transaction changes about the tally.
struct TallyMoves: Sendable {
    fileprivate(set) var moves: [Tally.Key: Tally.Count] = [:]

    /// Counts `tasks` more (or fewer, if negative) tasks that stand there.
    mutating func add(
        _ tasks: Int,
        _ kind: TaskKind,
        _ state: TaskState,
        _ errorClass: ErrorClass? = nil,
        bytes: Int = 0
    ) {
        guard tasks != 0 || bytes != 0 else { return }
        let key = Tally.Key(kind: kind, state: state, errorClass: errorClass)
        moves[key, default: Tally.Count()].tasks += tasks
        moves[key, default: Tally.Count()].bytes += bytes
    }

    /// How many tasks came to stand there, and their bytes; what left is not counted against them.
    func arrivals(_ kind: TaskKind, _ state: TaskState) -> (tasks: Int, bytes: Int) {
        moves.reduce(into: (0, 0)) { sum, move in
            guard move.key.kind == kind, move.key.state == state, move.value.tasks > 0 else {
                return
            }
            sum.0 += move.value.tasks
            sum.1 += move.value.bytes
        }
    }

    func store(in db: Database) throws {
        guard !moves.isEmpty else { return }
        let update = try db.cachedStatement(
            sql: """
                update tally set tasks = tasks + ?, bytes = bytes + ?
                where kind = ? and state = ? and error_class = ?
                """
        )
        let insert = try db.cachedStatement(
            sql: """
                insert into tally (tasks, bytes, kind, state, error_class) values (?, ?, ?, ?, ?)
                """
        )
        for (key, move) in moves {
            let arguments: StatementArguments = [
                move.tasks, move.bytes, key.kind.rawValue, key.state.rawValue,
                key.errorClass?.rawValue ?? "",
            ]
            try update.execute(arguments: arguments)
            if db.changesCount == 0 { try insert.execute(arguments: arguments) }
        }
    }
}
