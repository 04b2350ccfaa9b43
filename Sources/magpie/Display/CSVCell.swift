/// A cell of CSV (RFC 4180, section 2), which no spreadsheet takes for a formula.
enum CSVCell {
    /// The cell as it is written.
    ///
    /// It is looked at by code points, as programs do: to Swift `=` and an accent are one character.
    static func quoted(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) }
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
