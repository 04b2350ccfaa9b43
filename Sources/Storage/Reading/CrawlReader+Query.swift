import Foundation
import GRDB

/// What a query gave, as text: `null` is an empty string, a blob is hexadecimal.
package struct QueryResult: Equatable, Sendable {
    /// The columns' names.
    package let columns: [String]
    /// The rows in order, a cell for each column.
    package let rows: [[String]]
}

extension CrawlReader {
    /// Runs one query on tables and views.
    ///
    /// - Parameter sql: A query; anything that would write fails, since the database is open for reading.
    /// - Returns: All of its rows, which are kept in memory.
    /// - Throws: `StoreError`.
    package func query(_ sql: String) throws(StoreError) -> QueryResult {
        try read { db in
            let statement = try db.makeStatement(sql: sql)
            let rows = try Row.fetchAll(statement).map { row in
                Array(row.databaseValues).map(Self.text)
            }
            return QueryResult(columns: statement.columnNames, rows: rows)
        }
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: ""
        case .int64(let number): String(number)
        case .double(let number): String(number)
        case .string(let text): text
        case .blob(let bytes): bytes.map { String(format: "%02x", $0) }.joined()
        }
    }
}
