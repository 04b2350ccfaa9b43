import GRDB
import Synchronization

/// Remembers the ids of hosts, bases and folders, which repeat from task to task, and what is true of few crawls.
///
/// Ids learned within a transaction are kept only if it commits. At most `limit` of each are
/// remembered, so that memory does not grow with the crawl; then it starts anew.
final class KnownIDs: Sendable {
    enum Table: String {
        case host, base, folder

        /// The column that identifies a row to people.
        fileprivate var column: String {
            switch self {
            case .host: "name"
            case .base: "url"
            case .folder: "path"
            }
        }
    }

    private struct State {
        var ids: [Table: [String: Int64]] = [:]
        var learned: [(Table, String)] = []
        var hasVersions: Bool?
    }

    private static let limit = 1000
    private let state = Mutex(State())

    /// The id of the row with this text, made if there is none.
    func id(of text: String, in table: Table, _ db: Database) throws -> Int64 {
        if let id = state.withLock({ $0.ids[table]?[text] }) { return id }
        let insert = try db.cachedStatement(
            sql: "insert into \(table) (\(table.column)) values (?) on conflict do nothing"
        )
        try insert.execute(arguments: [text])
        let id: Int64
        if db.changesCount > 0 {
            id = db.lastInsertedRowID
        } else {
            let select = try db.cachedStatement(
                sql: "select id from \(table) where \(table.column) = ?"
            )
            id = try Int64.fetchOne(select, arguments: [text]) ?? 0
        }
        state.withLock { state in
            if state.ids[table, default: [:]].count >= Self.limit { state.ids[table] = [:] }
            state.ids[table, default: [:]][text] = id
            state.learned.append((table, text))
        }
        return id
    }

    /// Whether any picture has a path beside the one in its row; looked up once, since few crawls have one.
    func hasVersions(_ db: Database) throws -> Bool {
        if let known = state.withLock({ $0.hasVersions }) { return known }
        let isThere = try Bool.fetchOne(
            db,
            sql: "select exists (select 1 from version where owns_path = 1)"
        )
        return state.withLock { state in
            state.hasVersions = isThere
            return isThere ?? false
        }
    }

    /// A picture gets a path beside the one in its row.
    func noteVersion() { state.withLock { $0.hasVersions = true } }

    /// The transaction committed: what it taught stays.
    func keep() { state.withLock { $0.learned = [] } }

    /// The transaction was rolled back: what it taught is not there.
    func forget() {
        state.withLock { state in
            for (table, text) in state.learned { state.ids[table]?[text] = nil }
            state.learned = []
            state.hasVersions = nil
        }
    }
}
