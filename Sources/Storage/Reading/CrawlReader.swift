import Foundation
import GRDB

/// The crawl's database, open for reading only: never blocks a running crawl and is never blocked by it.
package final class CrawlReader: Sendable {
    let database: DatabaseQueue
    private let folder: CrawlFolder

    /// Opens a crawl folder's database for reading.
    ///
    /// - Parameter folder: The crawl folder.
    /// - Throws: `StoreError`.
    package init(_ folder: CrawlFolder) throws(StoreError) {
        guard folder.exists else { throw .noCrawlFolder(folder.path) }
        _ = Store.isMemoryUncounted
        self.folder = folder
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            configuration.label = "magpie.reader"
            database = try DatabaseQueue(path: Self.path(folder), configuration: configuration)
            try database.read { db in
                try Store.checkOwner(db, folder)
                let isNewer = try Store.migrator.hasBeenSuperseded(db)
                guard !isNewer else { throw StoreError.newerDatabase(folder.path) }
                guard try Store.migrator.hasCompletedMigrations(db) else {
                    throw StoreError.unfinishedDatabase(folder.path)
                }
            }
        } catch {
            throw Store.storeError(error, folder: folder)
        }
    }

    /// What SQLite is to open.
    ///
    /// In write-ahead mode even a reader makes files beside the database. Where it can't, and the last run
    /// ended well, nobody can change the database, so it may be read without them.
    private static func path(_ folder: CrawlFolder) -> String {
        var log = stat()
        let isLogged = stat(folder.database + "-wal", &log) == 0 && log.st_size > 0
        guard access(folder.path, W_OK) != 0, !isLogged,
            let path = folder.database.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        else { return folder.database }
        return "file:\(path)?immutable=1"
    }

    /// The recipe in force; `nil` before the first run.
    ///
    /// - Throws: `StoreError`.
    package func recipe() throws(StoreError) -> StoredRecipe? {
        try read { db in
            try Row.fetchOne(db, sql: "select file, content from recipe order by id desc limit 1")
                .map { StoredRecipe(file: $0[0], content: $0[1]) }
        }
    }

    func read<Value>(_ select: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.read(select)
        } catch {
            throw Store.storeError(error, folder: folder)
        }
    }
}
