package import CrawlModel
import GRDB

/// The crawl's database, open for writing by one run.
///
/// Every change is one transaction that leaves all tables agreeing with each other; a crash leaves the
/// state before or after it. Whoever has a `Store` holds the folder's lock and is the only writer.
package final class Store: Sendable {
    let database: DatabaseQueue
    let folder: CrawlFolder
    /// What was found when the run began.
    package let beginning: RunBeginning

    private let lock: FolderLock
    private let runner: TransactionRunner

    /// Opens a crawl folder's database, making or migrating it, and begins a run.
    ///
    /// What a dead run held is taken back before this returns: its tasks are `ready` again, those that
    /// were running in three crashed runs `failed`, class `interrupted`.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder, made already.
    ///   - lock: The folder's lock.
    ///   - run: What this run is.
    ///   - politeness: How considerate it is of the hosts whose tasks it claims.
    ///   - now: The clock.
    /// - Throws: `StoreError`.
    package init(
        _ folder: CrawlFolder,
        lock: FolderLock,
        run: RunDescription,
        politeness: Politeness = Politeness(),
        now: @escaping @Sendable () -> Timestamp
    ) throws(StoreError) {
        self.folder = folder
        self.lock = lock
        do {
            database = try Self.open(folder)
            let beginning = try database.write {
                try RunBeginning.begin(run, politeness, in: folder, $0, at: now())
            }
            self.beginning = beginning
            runner = try database.read {
                try TransactionRunner(
                    runID: beginning.runID,
                    politeness: politeness,
                    now: now,
                    $0
                )
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw Self.storeError(error, folder: folder)
        }
    }

    /// How many tasks stand where, as of the last transaction.
    package var tally: Tally { runner.tally }

    /// The pace of each host that is asked: changed by who asks, stored with the next transaction.
    package var paces: HostPaces { runner.paces }

    /// The id of the run that this process is.
    package var runID: Int64 { runner.runID }

    /// Runs one transaction and keeps the counts in step with it.
    ///
    /// It is not given up when the task is cancelled: what was finished is to be stored.
    func write<Value: Sendable>(
        synced rule: SyncRule = .later,
        _ change: @escaping @Sendable (inout Transaction) throws -> Value
    ) async throws(StoreError) -> Value {
        try await access { [runner] db in try runner.run(change, synced: rule, in: db) }
    }

    /// Works with the connection, outside of a transaction.
    func access<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try body(db) })
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw Self.storeError(error, folder: folder)
        }
    }

    /// Counts all rows anew, in the database and in memory.
    func recount() async throws(StoreError) {
        let tally = try await write { transaction in
            for kind in TaskKind.allCases { try Tally.recount(transaction.db, kind) }
            return try Tally.load(transaction.db)
        }
        runner.tally = tally
    }

    static func storeError(_ error: any Error, folder: CrawlFolder) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as DatabaseError: .sqlite(error, path: folder.database)
        default: .database("\(error)")
        }
    }
}
