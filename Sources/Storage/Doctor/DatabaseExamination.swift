import GRDB
import Migrations

/// What the database of a crawl folder is like; nothing is changed by looking.
package struct DatabaseExamination: Equatable, Sendable {
    /// The last change of the schema that was applied.
    package let version: String
    /// Whether this magpie has no newer one to apply.
    package let isCurrent: Bool
    /// What SQLite's quick check found; empty if it is well.
    package let findings: [String]

    /// Reads all of the database, which takes about a second for each gigabyte.
    ///
    /// - Parameter folder: The crawl folder.
    /// - Throws: `StoreError`, also for a database that is damaged so that it can't be opened.
    package init(of folder: CrawlFolder) throws(StoreError) {
        let reader = try CrawlReader(folder)
        (version, findings) = try reader.read { db in
            let applied = try Store.migrator.appliedIdentifiers(db)
            let check = try String.fetchAll(db, sql: "pragma quick_check(20)")
            return (applied.max() ?? "none", check == ["ok"] ? [] : check)
        }
        isCurrent = version == Migration.all.last?.name
    }
}
