import Foundation

/// One component of a path, made from any text so that it is harmless and stable.
///
/// What comes out is never empty, never `.` or `..`, holds no separator, control or bidirectional
/// character, does not start with a dot or end with a dot or blank, is no device name of Windows, is in
/// Unicode normal form C (so that equal captions are equal names on every file system) and at most
/// `bytesMax` bytes of UTF-8, cut between characters. Made again from its own text it is itself.
package struct SafeName: Hashable, Sendable, CustomStringConvertible {
    /// Room for the name itself: file systems take 255 bytes, of which an extension (at most 8) and
    /// a number such as ` (123456)` need some.
    package static let bytesMax = 230

    /// The name.
    package let description: String

    /// A name made from `text`; `nil` where nothing is left of it.
    package init?(_ text: String) {
        if Self.isPlain(text.utf8) {
            description = text
            return
        }
        var kept: [Unicode.Scalar] = []
        for scalar in Self.composed(text.unicodeScalars.prefix(Self.scalarsMax)).unicodeScalars {
            switch Self.fate(of: scalar) {
            case .keep where kept.isEmpty && (scalar == "." || Self.joins(scalar)): continue
            case .keep: kept.append(scalar)
            case .drop: continue
            case .blank: if let last = kept.last, last != " " { kept.append(" ") }
            case .replace: kept.append("_")
            }
        }
        // What was dropped may have stood between a letter and its accent.
        let whole = Self.trimmed(Self.composed(kept))
        let name = Self.trimmed(Self.cut(whole))
        guard !name.isEmpty else { return nil }
        // Cutting may leave a device's name, so this comes after it, and is cut again.
        description = Self.isDevice(name) ? Self.trimmed(Self.cut("_" + name)) : name
    }

    /// More than a name is made of; the rest of a caption of megabytes is not looked at.
    private static let scalarsMax = 20_000

    /// Normal form C, by way of D: Foundation leaves a Hangul syllable and a final letter apart.
    private static func composed(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        // Asking Foundation costs ten times what the rest does, and most captions are in form C.
        if text.allSatisfy({ $0.value < 0x300 || $0.isSteady }) { return String(text) }
        return String(text).decomposedStringWithCanonicalMapping
            .precomposedStringWithCanonicalMapping
    }

    /// Whether it would become one character with the slash in front of a name.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{200D}" || scalar.properties.isGraphemeExtend
            || scalar.properties.generalCategory == .spacingMark
    }

    private enum Fate { case keep, drop, blank, replace }

    private static func fate(of scalar: Unicode.Scalar) -> Fate {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0x2028, 0x2029: .blank
        case 0..<0x20, 0x7F...0x9F: .drop
        // Zero-width and bidirectional marks, the byte-order mark, language tags: invisible in a
        // listing, so two names that look alike would differ. The joiner U+200D stays: emoji need it.
        case 0xAD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            .drop
        case 0x2F, 0x5C, 0x3A, 0x2A, 0x3F, 0x22, 0x3C, 0x3E, 0x7C: .replace  // / \ : * ? " < > |
        default:
            switch scalar.properties.generalCategory {
            case .unassigned: .replace
            case .spaceSeparator: .blank
            default: .keep
            }
        }
    }

    /// The common case, checked without copying: harmless signs of ASCII and Chinese characters only.
    private static func isPlain(_ bytes: String.UTF8View) -> Bool {
        guard let last = bytes.last, bytes.count > 4, bytes.count <= bytesMax, last != 0x20,
            last != 0x2E
        else { return false }
        // No blank and no dot within the first five bytes: no hidden file, no device name.
        guard bytes.prefix(5).allSatisfy({ $0 != 0x20 && $0 != 0x2E }) else { return false }
        var previous: UInt8 = 0
        for byte in bytes {
            switch byte {
            case 0x20: if previous == 0x20 { return false }
            // " * / : < > ? \ | are replaced, and with $ there are names of devices.
            case 0x22, 0x24, 0x2A, 0x2F, 0x3A, 0x3C, 0x3E, 0x3F, 0x5C, 0x7C: return false
            case 0x21...0x7E: break
            // The lead bytes of U+4000 to U+9FFF, and what follows a lead byte.
            case 0xE4...0xE9, 0x80...0xBF: break
            default: return false
            }
            previous = byte
        }
        return true
    }

    /// Without dots and blanks at its ends, also where an accent belongs to them.
    private static func trimmed(_ text: String) -> String {
        let isEdge: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "." }
        var rest = text.unicodeScalars.drop(while: isEdge)
        while let last = rest.last, isEdge(last) { rest.removeLast() }
        return String(rest)
    }

    /// The first characters that fit into `bytesMax` bytes; of one that alone is longer, its beginning.
    static func cut(_ text: String, to bytes: Int = bytesMax) -> String {
        guard text.utf8.count > bytes else { return text }
        let limit = text.utf8.index(text.startIndex, offsetBy: bytes)
        var end = text.startIndex
        for index in text.indices.dropFirst() {
            if index > limit { break }
            end = index
        }
        if end == text.startIndex {
            for index in text.unicodeScalars.indices where index <= limit { end = index }
        }
        return String(text[..<end])
    }

    /// Names that Windows takes for devices, whatever follows their first dot.
    private static func isDevice(_ name: String) -> Bool {
        // By scalars: an accent hides no dot from Windows.
        let start = String.UnicodeScalarView(name.unicodeScalars.prefix { $0 != "." })
        let stem = String(start).lowercased().trimmingSuffix { $0 == " " }
        if ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(stem) { return true }
        guard stem.count == 4, stem.hasPrefix("com") || stem.hasPrefix("lpt"), let last = stem.last
        else { return false }
        return last.isNumber
    }
}

extension Unicode.Scalar {
    /// Whether neither case nor normal form changes a text that is made of such scalars only: small
    /// letters, digits and signs of ASCII, Chinese characters, kana, Hangul syllables, most emoji.
    var isSteady: Bool {
        switch value {
        case 0x20...0x40, 0x5B...0x7E, 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FA,
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1FAFF:
            true
        default: false
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return String(rest)
    }
}
