/// Rows of text in columns that line up, for terminals and pipes alike.
struct TextTable {
    private let header: [String]
    private let rows: [[String]]

    /// A table; what a server sent is made `Plain` here.
    init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows.map { $0.map(Plain.text) }
    }

    /// How wide each column is.
    var widths: [Int] {
        let all = [header] + rows
        return header.indices.map { column in
            all.map { Columns.width(of: $0[column]) }.max() ?? 0
        }
    }

    /// The table, a line each; the last column is not padded.
    var lines: [String] {
        let widths = widths
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([header, rule] + rows).map { Self.line($0, widths) }
    }

    /// One row in columns of these widths; what is wider moves the rest of the row to the right.
    static func line(_ row: [String], _ widths: [Int]) -> String {
        let cells = row.enumerated().map { column, cell in
            let room = column == row.count - 1 ? 0 : widths[column] - Columns.width(of: cell)
            return cell + String(repeating: " ", count: max(0, room))
        }
        return cells.joined(separator: "  ")
    }
}
