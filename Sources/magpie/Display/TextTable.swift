/// Rows of text in columns that line up, for terminals and pipes alike.
struct TextTable {
    private let header: [String]
    private let rows: [[String]]

    /// A table; what a server sent is made `Plain` here.
    init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows.map { $0.map(Plain.text) }
    }

    /// The table, a line each; the last column is not padded.
    var lines: [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in
            all.map { Columns.width(of: $0[column]) }.max() ?? 0
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([header, rule] + rows).map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell
                    : cell + String(repeating: " ", count: widths[column] - Columns.width(of: cell))
            }
            return cells.joined(separator: "  ")
        }
    }
}
