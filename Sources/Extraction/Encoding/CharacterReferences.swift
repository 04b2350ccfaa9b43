import CLibXML2

/// Decodes `&amp;`, `&#39;` and their like in text that was cut out of a page.
///
/// It follows libxml2's parser, so that a pattern and a selector find the same text: the names are those
/// of HTML 4 and need their semicolon, numbers do not, and a name that means nothing stays as it is.
enum CharacterReferences {
    private typealias Scalars = Substring.UnicodeScalarView
    private typealias Decoded = (scalar: Unicode.Scalar?, end: String.Index)

    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text[...].unicodeScalars
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            let reference = rest[rest.index(after: start)...]
            if let (scalar, end) = numeric(reference) ?? named(reference) {
                if let scalar { result.append(scalar) }
                rest = rest[end...]
            } else {
                result.append("&")
                rest = reference
            }
        }
        return String(result + rest)
    }

    /// `#65;` or `#x41;`; a number that is no character of XML, or none at all, is left out.
    private static func numeric(_ reference: Scalars) -> Decoded? {
        guard reference.first == "#" else { return nil }
        var digits = reference.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        if isHexadecimal { digits = digits.dropFirst() }
        let number = digits.prefix { scalar in
            switch scalar {
            case "0"..."9": true
            case "a"..."f", "A"..."F": isHexadecimal
            default: false
            }
        }
        var end = number.endIndex
        if end < reference.endIndex, reference[end] == ";" { end = reference.index(after: end) }
        let value = UInt32(Substring(number), radix: isHexadecimal ? 16 : 10)
        return (value.flatMap(Unicode.Scalar.init).flatMap { isCharacter($0) ? $0 : nil }, end)
    }

    /// Whether XML 1.0 allows it (section 2.2).
    private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    private static func named(_ reference: Scalars) -> Decoded? {
        let name = reference.prefix { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": true
            default: false
            }
        }
        guard name.endIndex < reference.endIndex, reference[name.endIndex] == ";",
            let entity = htmlEntityLookup(String(name)),
            let scalar = Unicode.Scalar(entity.pointee.value)
        else { return nil }
        return (scalar, reference.index(after: name.endIndex))
    }
}
