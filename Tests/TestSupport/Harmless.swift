import Foundation

/// What every file system and terminal takes as one harmless component of a path.
package enum Harmless {
    private static let devices: Set<String> = Set(
        ["con", "prn", "aux", "nul", "conin$", "conout$"]
            + (["com", "lpt"].flatMap { port in "0123456789¹²³".map { "\(port)\($0)" } })
    )

    /// What is wrong with a name; `nil` if nothing is.
    package static func complaint(about name: String) -> String? {
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
