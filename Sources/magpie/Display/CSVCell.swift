/// A cell of CSV (RFC 4180, section 2), which no spreadsheet takes for a formula.
enum CSVCell {
    /// The text of a cell that was read; what keeps spreadsheets from calculating it is taken away.
    static func plain(_ cell: String) -> String {
        let start = cell.unicodeScalars.prefix(2)
        guard start.first == "'", let second = start.dropFirst().first,
            formulaStarts.contains(second)
        else { return cell }
        return String(cell.unicodeScalars.dropFirst())
    }

    private static let formulaStarts = "=+-@\t\r\n".unicodeScalars

    /// The cell as it is written.
    ///
    /// It is looked at by code points, as programs do: to Swift `=` and an accent are one character.
    static func quoted(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map(formulaStarts.contains)
        let cell = (isFormula == true ? "'" : "") + text
        guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) })
        else { return cell }
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { quoted.append(scalar) }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }
}
