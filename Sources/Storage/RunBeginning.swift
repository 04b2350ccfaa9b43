import CrashPoints
import CrawlModel
import GRDB

/// What a run is, as its row says.
package struct RunDescription: Sendable {
    /// The command that began it: `crawl`, `resume`, `retry`.
    package let command: String
    /// magpie's version.
    package let version: String
    /// The recipe to store; `nil` to go on with the newest one that is stored.
    package let recipe: StoredRecipe?
    /// Whether to count all rows first, for a run that mends; others rely on the counts that are kept.
    package let recounts: Bool
    /// How long a failed task waits at most; one that would wait for longer was given its time by a clock
    /// that was set back since.
    package let longestWait: Duration

    /// A description of its parts.
    package init(
        command: String,
        version: String,
        recipe: StoredRecipe?,
        recounts: Bool = false,
        longestWait: Duration = RetryPolicy.standard.longestWait
    ) {
        self.command = command
        self.version = version
        self.recipe = recipe
        self.recounts = recounts
        self.longestWait = longestWait
    }
}

/// A recipe as the database keeps it.
package struct StoredRecipe: Equatable, Sendable {
    /// The file it was read from, for messages.
    package let file: String
    /// The YAML.
    package let content: String

    /// A recipe of its parts.
    package init(file: String, content: String) {
        self.file = file
        self.content = content
    }
}

/// What a run found when it began.
package struct RunBeginning: Equatable, Sendable {
    /// The run's id.
    package let runID: Int64
    /// Tasks that a dead run held and that are ready again.
    package let tasksTakenBack: Int
    /// Tasks that were running in three crashed runs and are failed now.
    package let tasksParked: Int

    /// A task that was running in this many crashed runs is not run again without `retry`.
    static let crashesMax = 3

    static func begin(
        _ run: RunDescription,
        _ politeness: Politeness,
        in folder: CrawlFolder,
        _ db: Database,
        at now: Timestamp
    ) throws -> RunBeginning {
        let boot = System.bootName()
        let lastBoot = try String.fetchOne(db, sql: "select boot from run order by id desc limit 1")
        // What was not synced may be lost since. Before this run has a row: the next one asks for its boot.
        if lastBoot != boot || boot == "unknown" { try folder.removeParts() }
        let lastRecipeID = try Int64.fetchOne(db, sql: "select max(id) from recipe")
        let recipeID = try storeRecipe(run.recipe, in: db, at: now)
        try db.execute(sql: "update run set ending = 'crashed' where ending is null")
        try db.execute(
            sql: """
                insert into run (recipe_id, command, version, boot, started_ms)
                values (?, ?, ?, ?, ?)
                """,
            arguments: [recipeID, run.command, run.version, boot, now.milliseconds]
        )
        let runID = db.lastInsertedRowID
        if run.recounts { for kind in TaskKind.allCases { try Tally.recount(db, kind) } }
        var moves = TallyMoves()
        var (takenBack, parked) = (0, 0)
        for kind in TaskKind.allCases {
            let counts = try takeBack(kind, in: db, at: now, moves: &moves)
            takenBack += counts.takenBack
            parked += counts.parked
            guard kind == .refresh, counts.parked > 0 else { continue }
            try db.execute(
                sql: "update run set refreshes_failed = ? where id = ?",
                arguments: [counts.parked, runID]
            )
        }
        try moves.store(in: db)
        if recipeID != lastRecipeID {
            // Whatever they were when another recipe read them, they are to be read.
            try db.execute(sql: "update page set validator = null where state = 0")
        }
        try ClockCheck.mendDueTimes(in: db, longestWait: run.longestWait, at: now)
        try ClockCheck.mendHosts(in: db, politeness, at: now)
        try HostPaces.allowOneMoreProbe(in: db)
        CrashPoint.recovering.pass()
        return RunBeginning(
            runID: runID,
            tasksTakenBack: takenBack,
            tasksParked: parked
        )
    }

    private static func storeRecipe(
        _ recipe: StoredRecipe?,
        in db: Database,
        at now: Timestamp
    ) throws -> Int64 {
        let newest = try Row.fetchOne(
            db,
            sql: "select id, content from recipe order by id desc limit 1"
        )
        if let newest, recipe == nil || newest["content"] == recipe?.content { return newest["id"] }
        guard let recipe else { throw StoreError.database("no recipe is stored") }
        try db.execute(
            sql: "insert into recipe (file, content, stored_ms) values (?, ?, ?)",
            arguments: [recipe.file, recipe.content, now.milliseconds]
        )
        return db.lastInsertedRowID
    }

    /// Gives back what dead runs held.
    ///
    /// The lock says that every running task is such a one. They are due behind those that never ran,
    /// so that processes which die soon after their start still get on, and do not park what merely
    /// ran beside the culprit.
    private static func takeBack(
        _ kind: TaskKind,
        in db: Database,
        at now: Timestamp,
        moves: inout TallyMoves
    ) throws -> (takenBack: Int, parked: Int) {
        let held = try Row.fetchAll(
            db,
            sql: "select host_id, max(interrupted) from \(kind) where state = 1 group by host_id"
        )
        guard !held.isEmpty else { return (0, 0) }
        let isAnyToPark = held.contains { $0[1] + 1 >= crashesMax }
        let parked = isAnyToPark ? try park(kind, in: db, at: now) : 0
        let hosts = held.map { "\($0[0] as Int64)" }.joined(separator: ",")
        try db.execute(sql: "update host set \(kind)_due_ms = 0 where id in (\(hosts))")
        try db.execute(
            sql: """
                update \(kind)
                set state = 0, run_id = null, interrupted = interrupted + 1, due_ms = ?
                where state = 1
                """,
            arguments: [now.milliseconds]
        )
        let takenBack = db.changesCount
        moves.add(-parked - takenBack, kind, .running)
        if kind != .refresh { moves.add(parked, kind, .failed, .interrupted) }
        moves.add(takenBack, kind, .ready)
        return (takenBack, parked)
    }

    /// Gives up what was running whenever so many runs crashed.
    ///
    /// - Returns: How many.
    private static func park(_ kind: TaskKind, in db: Database, at now: Timestamp) throws -> Int {
        try db.execute(
            sql: """
                insert into attempt (kind, task_id, number, run_id, ended_ms, took_ms, error_class,
                    bytes, message)
                select ?1, id, attempts + 1, run_id, ?2, 0, 'interrupted', 0,
                    'the process ended ' || ?3 || ' times while this was running'
                from \(kind) where state = 1 and interrupted + 1 >= ?3
                """,
            arguments: [kind.rawValue, now.milliseconds, crashesMax]
        )
        if kind == .refresh {
            // The picture stays as it is. What was coming stays, too: it may have its name.
            try db.execute(
                sql: "delete from refresh where state = 1 and interrupted + 1 >= ?",
                arguments: [crashesMax]
            )
        } else {
            try db.execute(
                sql: """
                    update \(kind)
                    set state = 3, interrupted = interrupted + 1, error_class = 'interrupted',
                        attempts = attempts + 1, ended_ms = ?
                    where state = 1 and interrupted + 1 >= ?
                    """,
                arguments: [now.milliseconds, crashesMax]
            )
        }
        return db.changesCount
    }
}
