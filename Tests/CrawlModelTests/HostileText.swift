import Foundation
import TestSupport

/// Texts made to break names and addresses.
enum HostileText {
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
    static func next(using generator: inout SeededGenerator) -> String {
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

/// What every file system and terminal takes as one harmless component of a path.
enum Harmless {
    private static let devices: Set<String> = Set(
        ["con", "prn", "aux", "nul", "conin$", "conout$"]
            + (["com", "lpt"].flatMap { port in "0123456789¹²³".map { "\(port)\($0)" } })
    )

    /// What is wrong with a name; `nil` if nothing is.
    static func complaint(about name: String) -> String? {
        let scalars = Array(name.unicodeScalars)
        if scalars.isEmpty { return "empty" }
        if name.utf8.count > 255 { return "\(name.utf8.count) bytes" }
        if scalars.first == "." { return "starts with a dot" }
        if scalars.last == "." || scalars.last == " " { return "ends with a dot or a blank" }
        if let bad = scalars.first(where: isBad) {
            return "holds U+\(String(bad.value, radix: 16))"
        }
        let stem = String(String.UnicodeScalarView(scalars.prefix { $0 != "." })).lowercased()
        if devices.contains(stem.split(separator: " ").joined(separator: " ")) {
            return "is a device"
        }
        if Array(name.precomposedStringWithCanonicalMapping.unicodeScalars) != scalars {
            return "is not in form C"
        }
        return nil
    }

    private static func isBad(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return true
        default: break
        }
        let bidirectional: [ClosedRange<UInt32>] = [
            0x061C...0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069,
        ]
        return "/\\:*?\"<>|".unicodeScalars.contains(scalar)
            || bidirectional.contains { $0.contains(scalar.value) }
    }
}
