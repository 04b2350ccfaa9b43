import Foundation

/// JSON for programs: one object or list on one line, keys in a fixed order.
enum JSONText {
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return harmless(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// JSON without characters that a terminal may take for orders.
    ///
    /// Those that JSON allows stand inside strings, where they may be escaped as well (RFC 8259, section 7).
    static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Plain.isHarmful) else { return text }
        return text.unicodeScalars.reduce(into: "") { out, scalar in
            if Plain.isHarmful(scalar) {
                out += String(format: "\\u%04x", scalar.value)
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
    }

    /// A string with its quotes (RFC 8259, section 7).
    static func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case _ where Plain.isHarmful(scalar):
                out += String(format: "\\u%04x", scalar.value)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
