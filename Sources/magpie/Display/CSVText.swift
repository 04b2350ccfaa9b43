/// Cells of CSV.
enum CSVText {
    /// A cell (RFC 4180, section 2) that no spreadsheet takes for a formula.
    static func cell(_ text: String) -> String {
        var cell = text
        if let first = cell.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
            cell = "'" + cell
        }
        let isPlain = cell.utf8.allSatisfy { $0 != 0x22 && $0 != 0x2C && $0 != 0x0A && $0 != 0x0D }
        return isPlain ? cell : "\"\(cell.replacing("\"", with: "\"\""))\""
    }
}
