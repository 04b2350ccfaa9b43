import CrawlModel
import GRDB

/// One transaction in the making: what the statements of a `Store` work with.
struct Transaction {
    let db: Database
    let runID: Int64
    let now: Timestamp
    let known: KnownIDs
    let turns: HostTurns
    let paces: HostPaces
    var tally = TallyMoves()
    var failedTries = 0
    var refreshes = RefreshCounts()
    private var dues: [TaskKind: [Int64: Timestamp]] = [:]

    init(
        db: Database,
        runID: Int64,
        now: Timestamp,
        known: KnownIDs,
        turns: HostTurns,
        paces: HostPaces
    ) {
        self.db = db
        self.runID = runID
        self.now = now
        self.known = known
        self.turns = turns
        self.paces = paces
    }

    /// Whether this run holds a task: the fence around everything that ends one.
    func holds(_ kind: TaskKind, _ id: Int64) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "select 1 from \(kind) where id = ? and state = 1 and run_id = ?"
        )
        return try Int.fetchOne(statement, arguments: [id, runID]) != nil
    }

    /// Notes that a host has a ready task that is due then.
    mutating func note(due: Timestamp, _ kind: TaskKind, host: Int64) {
        let earliest = dues[kind]?[host] ?? due
        dues[kind, default: [:]][host] = min(earliest, due)
    }

    /// Writes what was gathered on the way; the last step before the commit.
    func settle() throws {
        try tally.store(in: db)
        try paces.store(in: db)
        try countForRun()
        for (kind, hosts) in dues {
            let statement = try db.cachedStatement(
                sql: """
                    update host set \(kind)_due_ms = min(coalesce(\(kind)_due_ms, ?1), ?1)
                    where id = ?2
                    """
            )
            for (host, due) in hosts {
                try statement.execute(arguments: [due.milliseconds, host])
            }
        }
    }
}

extension Transaction {
    /// Adds what this transaction finished to the run's own counts.
    private func countForRun() throws {
        let pagesDone = tally.arrivals(.page, .done).tasks
        let pagesFailed = tally.arrivals(.page, .failed).tasks
        let images = tally.arrivals(.image, .done)
        let imagesFailed = tally.arrivals(.image, .failed).tasks
        let imagesSkipped = tally.arrivals(.image, .skipped).tasks
        let counts = [
            pagesDone, pagesFailed, images.tasks, imagesFailed, imagesSkipped, failedTries,
            images.bytes + refreshes.bytes, refreshes.changed, refreshes.unchanged,
            refreshes.failed,
        ]
        guard counts.contains(where: { $0 != 0 }) else { return }
        let statement = try db.cachedStatement(
            sql: """
                update run
                set pages_done = pages_done + ?, pages_failed = pages_failed + ?,
                    images_done = images_done + ?, images_failed = images_failed + ?,
                    images_skipped = images_skipped + ?, tries_failed = tries_failed + ?,
                    bytes = bytes + ?, images_changed = images_changed + ?,
                    images_unchanged = images_unchanged + ?,
                    refreshes_failed = refreshes_failed + ?
                where id = ?
                """
        )
        try statement.execute(arguments: StatementArguments(counts + [Int(runID)]))
    }
}

/// What one transaction has learned of pictures that were asked for again.
struct RefreshCounts {
    var changed = 0
    /// Of those that have changed.
    var bytes = 0
    var unchanged = 0
    var failed = 0
}

extension Database {
    /// Runs `change` between `begin immediate` and `commit`; rolls back if it throws.
    func inImmediateTransaction<Value>(_ change: () throws -> Value) throws -> Value {
        try beginTransaction(.immediate)
        do {
            let value = try change()
            try commit()
            return value
        } catch {
            // The first error says what went wrong; a failed commit may have rolled back already.
            if isInsideTransaction { try rollback() }
            throw error
        }
    }
}
