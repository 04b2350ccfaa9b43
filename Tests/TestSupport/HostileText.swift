/// Texts made to break names and addresses.
package enum HostileText {
    private static let pieces: [String] = [
        "a", "Z", "0", "é", "e\u{301}", "\u{301}", "\u{338}", "图", "😀", "👨‍👩‍👧", "\u{1100}\u{1161}",
        "\u{11A8}", "ß", "ς", "ſ", "İ", "ı", "Å", "\u{212B}",
        "/", "\\", ":", "*", "?", "\"", "<", ">", "|", "%", "#", "&", "@", "[", "]", "{", "}", "+",
        "=", "'", "`", "^", "~", "$", ";", ",", "!", "(", ")", "-", "_",
        ".", "..", "...", "./", "../", "/..", "//", "\\\\", " ", "  ", "\u{A0}", "\u{3000}",
        "\u{2003}", "\t", "\n", "\r\n", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{9B}",
        "\u{200B}", "\u{200D}", "\u{200E}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{FFFD}",
        "\u{FFFE}", "\u{E000}", "\u{E0001}", "\u{10FFFF}", "\u{378}", "\u{AD}", "\u{FE0F}",
        "\u{34F}",
        "con", "NUL", "com1", "COM¹", "lpt9", "aux", "prn", "CONIN$", "magpie.db", "MAGPIE.DB-wal",
        ".magpie", "{name}", "{extension}", ".jpg", ".exe", ".lnk", "http:", "%2e", "%2F", "%00",
        "%zz",
    ]

    /// A text of a few pieces, now and then of hundreds of one kind.
    package static func next(using generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let piece = pieces.randomElement(using: &generator) ?? ""
            let isMany = Int.random(in: 0..<20, using: &generator) == 0
            text += String(
                repeating: piece,
                count: isMany ? Int.random(in: 1...400, using: &generator) : 1
            )
        }
        return text
    }
}
