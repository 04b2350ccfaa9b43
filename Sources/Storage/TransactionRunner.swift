import CrawlModel
import GRDB
import Synchronization

/// Runs the transactions of a run, and keeps what is remembered between them in step with the database.
///
/// Apart from the `Store`, so that a transaction's last moments on the database's thread do not keep the
/// folder's lock.
final class TransactionRunner: Sendable {
    let runID: Int64
    let now: @Sendable () -> Timestamp

    private let counts: Mutex<Tally>
    private let known = KnownIDs()
    private let turns: HostTurns
    let paces: HostPaces
    /// What the connection is set to.
    private let syncRule = Mutex<SyncRule?>(nil)

    init(
        runID: Int64,
        politeness: Politeness,
        now: @escaping @Sendable () -> Timestamp,
        _ db: Database
    ) throws {
        paces = HostPaces(politeness)
        self.runID = runID
        self.now = now
        counts = Mutex(try Tally.load(db))
        turns = HostTurns(try Int.fetchOne(db, sql: HostTurns.last) ?? 0)
    }

    /// How many tasks stand where, as of the last transaction.
    var tally: Tally {
        get { counts.withLock { $0 } }
        set { counts.withLock { $0 = newValue } }
    }

    private func apply(_ rule: SyncRule, to db: Database) throws {
        try syncRule.withLock { last in
            guard last != rule else { return }
            try rule.apply(to: db)
            last = rule
        }
    }

    func run<Value>(
        _ change: (inout Transaction) throws -> Value,
        synced rule: SyncRule,
        in db: Database
    ) throws -> Value {
        var transaction = Transaction(
            db: db,
            runID: runID,
            now: now(),
            known: known,
            turns: turns,
            paces: paces
        )
        do {
            try apply(rule, to: db)
            let value = try db.inImmediateTransaction {
                let value = try change(&transaction)
                try transaction.settle()
                return value
            }
            known.keep()
            counts.withLock { $0.apply(transaction.tally) }
            return value
        } catch {
            known.forget()
            throw error
        }
    }
}
