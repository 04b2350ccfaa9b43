import CrashPoints
import CSystem
import GRDB
import Migrations

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Store {
    /// `MAGP`: says in the file's header whose database it is.
    static let applicationID = 0x4D41_4750

    /// Nobody asks how much memory SQLite has, and counting takes a lock for each piece.
    ///
    /// Where SQLite was used before in this process, it goes on counting.
    static let isMemoryUncounted = magpie_count_no_sqlite_memory() == 0

    /// Opens the database for writing, making or migrating it.
    static func open(_ folder: CrawlFolder) throws -> DatabaseQueue {
        _ = isMemoryUncounted
        if folder.exists { try checkOwner(folder) } else { try make(folder) }
        var configuration = Configuration()
        configuration.journalMode = .wal
        // A shell that holds a write lock for a while is waited for.
        configuration.busyMode = .timeout(60)
        configuration.label = "magpie.store"
        configuration.prepareDatabase { db in
            try db.execute(sql: "pragma temp_store = memory; pragma cache_size = -4096")
        }
        let queue = try DatabaseQueue(path: folder.database, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "pragma journal_size_limit = 67108864")
        }
        try migrate(queue, folder: folder)
        return queue
    }

    /// Makes a database that says whose it is from the moment it has its name.
    ///
    /// So an empty one is never taken for the beginning of a new crawl: something emptied it.
    private static func make(_ folder: CrawlFolder) throws {
        // What a run that died here left, and the log of a database that somebody removed.
        for path in [folder.newDatabase, folder.database] {
            for ending in ["", "-journal", "-wal", "-shm"] { unlink(path + ending) }
        }
        let queue = try DatabaseQueue(path: folder.newDatabase)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "pragma application_id = \(applicationID)")
            // Here and not under its final name: a crash in between would leave a journal that only a
            // writer can roll back, and whoever looks first opens the database for reading.
            try db.execute(sql: "pragma journal_mode = wal")
        }
        try queue.close()
        let (old, new) = (folder.newDatabase, folder.database)
        guard magpie_rename_exclusively(AT_FDCWD, old, AT_FDCWD, new) == 0 else {
            throw StoreError.system("rename", new, errno)
        }
    }

    /// Refuses another program's database before anything in it is changed, its journal mode included.
    private static func checkOwner(_ folder: CrawlFolder) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(60)
        try DatabaseQueue(path: folder.database, configuration: configuration).read { db in
            try checkOwner(db, folder)
        }
    }

    /// Refuses a database whose header does not say that it is magpie's.
    ///
    /// - Throws: `StoreError.foreignDatabase`, or `damaged` for one that holds nothing.
    static func checkOwner(_ db: Database, _ folder: CrawlFolder) throws {
        let owner = try Int.fetchOne(db, sql: "pragma application_id") ?? 0
        if owner == applicationID { return }
        let isEmpty = try Int.fetchOne(db, sql: "select count(*) from sqlite_schema") == 0
        guard owner == 0, isEmpty else { throw StoreError.foreignDatabase(folder.database) }
        throw StoreError.damaged(folder.database, reason: "it holds nothing")
    }

    /// All migrations, in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in Migration.all {
            migrator.registerMigration(migration.name) { db in
                try db.execute(sql: migration.sql)
                CrashPoint.migrating.pass()
            }
        }
        return migrator
    }

    private static func migrate(_ queue: DatabaseQueue, folder: CrawlFolder) throws {
        let migrator = migrator
        let isNewer = try queue.read { try migrator.hasBeenSuperseded($0) }
        guard !isNewer else { throw StoreError.newerDatabase(folder.path) }
        try migrator.migrate(queue)
    }
}
