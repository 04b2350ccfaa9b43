import GRDB

/// When a transaction is brought to the disk.
enum SyncRule {
    /// Before the call returns: SQLite's FULL.
    case now
    /// With the next one that is synced, or a checkpoint: SQLite's NORMAL.
    ///
    /// After a power cut such a transaction may be undone, together with all that came after it; never
    /// one without the other. For a claim or a page that costs nothing but doing it again.
    case later

    func apply(to db: Database) throws {
        switch self {
        case .now: try db.execute(sql: "pragma synchronous = full")
        case .later: try db.execute(sql: "pragma synchronous = normal")
        }
    }
}
