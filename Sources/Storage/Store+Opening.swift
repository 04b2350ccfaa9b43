import CrashPoints
import GRDB
import Migrations

extension Store {
    /// `MAGP`: says in the file's header whose database it is.
    static let applicationID = 0x4D41_4750

    /// Opens the database for writing, making or migrating it.
    static func open(_ folder: CrawlFolder) throws -> DatabaseQueue {
        if folder.exists { try checkOwner(folder) }
        var configuration = Configuration()
        configuration.journalMode = .wal
        // A shell that holds a write lock for a while is waited for.
        configuration.busyMode = .timeout(60)
        configuration.label = "magpie.store"
        configuration.prepareDatabase { db in
            try db.execute(sql: "pragma temp_store = memory; pragma cache_size = -8192")
        }
        let queue = try DatabaseQueue(path: folder.database, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            if try owner(db) != applicationID {
                try db.execute(sql: "pragma application_id = \(applicationID)")
            }
            try db.execute(sql: "pragma journal_size_limit = 67108864")
        }
        try migrate(queue, folder: folder)
        return queue
    }

    /// Refuses another program's database before anything in it is changed, its journal mode included.
    private static func checkOwner(_ folder: CrawlFolder) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(60)
        try DatabaseQueue(path: folder.database, configuration: configuration).read { db in
            _ = try isBegun(db, folder)
        }
    }

    /// Whether a database is magpie's; `false` for an empty one, which a process may have left that died
    /// before it wrote whose it is.
    ///
    /// - Throws: `StoreError.foreignDatabase` for another program's.
    static func isBegun(_ db: Database, _ folder: CrawlFolder) throws -> Bool {
        let owner = try owner(db)
        if owner == applicationID { return true }
        let isEmpty = try Int.fetchOne(db, sql: "select count(*) from sqlite_schema") == 0
        guard owner == 0, isEmpty else { throw StoreError.foreignDatabase(folder.database) }
        return false
    }

    /// Whose database it is, as its header says; 0 if it does not.
    private static func owner(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "pragma application_id") ?? 0
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
