import CCrypto
import GRDB

/// Which libraries keep the crawl.
package struct StorageVersions: Sendable {
    /// SQLite's version, such as `3.40.1`.
    package let sqlite: String
    /// OpenSSL's version, such as `3.0.15`.
    package let openSSL: String
    /// Whether this SQLite can lose pages of its log when two processes write at once.
    ///
    /// Fixed in 3.51.3, 3.50.7 and 3.44.6. One writer at a time keeps clear of it.
    package var losesPagesWithTwoWriters: Bool { Self.losesPages(sqlite) }

    /// What the libraries in this process say of themselves.
    ///
    /// - Throws: `StoreError` if no database can be opened in memory.
    package init() throws(StoreError) {
        do {
            sqlite = try DatabaseQueue().read {
                try String.fetchOne($0, sql: "select sqlite_version()") ?? "unknown"
            }
        } catch {
            throw .database("\(error)")
        }
        openSSL = String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
    }

    /// Whether the fault is in this version of SQLite.
    static func losesPages(_ version: String) -> Bool {
        let parts = version.split(separator: ".").map { Int($0) ?? 0 } + [0, 0, 0]
        let number = (parts[0] * 1000 + parts[1]) * 1000 + parts[2]
        switch number {
        case ..<3_007_000: return false
        case 3_044_006..<3_045_000, 3_050_007..<3_051_000: return false
        default: return number < 3_051_003
        }
    }
}
