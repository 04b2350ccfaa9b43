import Foundation
import GRDB

extension CrawlReader {
    /// Writes a copy of the whole database, as it is at one moment, also while a crawl runs.
    ///
    /// - Parameter file: A path at which nothing is; after a crash it may hold an unfinished copy.
    /// - Throws: `StoreError` if it can't be written, or if something is there already.
    package func backup(to file: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw .system("backup to", file, EEXIST)
        }
        do {
            // Not in a transaction, in which SQLite makes no copies.
            try database.inDatabase { db in
                try db.execute(sql: "vacuum into ?", arguments: [file])
            }
            let copy = try FileHandle(forUpdating: URL(fileURLWithPath: file))
            try copy.synchronize()
            try copy.close()
        } catch {
            throw Store.storeError(error, folder: CrawlFolder(file))
        }
    }
}
