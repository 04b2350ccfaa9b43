/// How much room text takes in a terminal.
enum Columns {
    /// The first characters that fit into so many columns.
    static func cut(_ text: String, to columns: Int) -> String {
        var used = 0
        var out = ""
        for character in text {
            used += width(of: character)
            if used > columns { break }
            out.append(character)
        }
        return out
    }

    /// How many columns text takes.
    static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    /// 2 for what terminals draw wide (Unicode TR 11: East Asian wide and full-width, emoji), else 1.
    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
