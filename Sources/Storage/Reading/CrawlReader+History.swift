import GRDB

/// A cell of a history.
package enum HistoryCell: Equatable, Sendable {
    /// There is nothing to say.
    case null
    /// A whole number.
    case number(Int64)
    /// Text, which may come from a site.
    case text(String)
}

extension CrawlReader {
    /// What became of pictures, the newest last.
    ///
    /// Memory does not grow with their number: what can't be sorted there goes to a temporary file.
    ///
    /// - Parameters:
    ///   - selection: Which ones.
    ///   - columns: What to say of each.
    ///   - body: Called for each with its cells, in the order of the columns.
    /// - Throws: `StoreError`, or what `body` throws.
    package func history(
        _ selection: HistorySelection,
        _ columns: [HistoryColumn],
        _ body: ([HistoryCell]) throws -> Void
    ) throws {
        var refusal: (any Error)?
        try read { db in
            let rows = try Row.fetchCursor(db, sql: selection.query(columns))
            while refusal == nil, let row = try rows.next() {
                let cells = columns.indices.map { Self.cell(row[$0]) }
                do { try body(cells) } catch { refusal = error }
            }
        }
        if let refusal { throw refusal }
    }

    private static func cell(_ value: DatabaseValue) -> HistoryCell {
        switch value.storage {
        case .int64(let number): .number(number)
        case .string(let text): .text(text)
        case .null, .double, .blob: .null
        }
    }
}
