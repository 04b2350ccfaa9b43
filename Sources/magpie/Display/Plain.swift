import CrawlModel
import Foundation

/// Text from a site or a disk, made harmless for a terminal.
enum Plain {
    /// Replaces control and bidirectional characters, which could move the cursor, change colours or
    /// turn lines around, by a visible mark.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var out = String.UnicodeScalarView()
        out.append(contentsOf: text.unicodeScalars.map { isHarmful($0) ? "\u{FFFD}" : $0 })
        return String(out)
    }

    /// Whether a terminal may take the character for an order.
    static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// A text as a shell takes it for one word.
    static func word(_ text: String) -> String {
        let isQuoted = text.contains { !$0.isLetter && !$0.isNumber && !"/._-".contains($0) }
        return isQuoted ? "'\(text.replacing("'", with: "'\\''"))'" : text
    }

    /// A number with its decimal unit: `886 MB`.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if value < 999.5 || unit == "TB" {
                return value < 9.95 && unit != "B"
                    ? String(format: "%.1f %@", value, unit)
                    : String(format: "%.0f %@", value, unit)
            }
            value /= 1000
        }
        return "\(count) B"
    }

    /// A time as people say it: `2 h 05 min`, `3 min 20 s`, `12 s`.
    static func duration(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        switch seconds {
        case ..<1: return "\(duration.milliseconds) ms"
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min \(String(format: "%02d", seconds % 60)) s"
        default: return "\(seconds / 3600) h \(String(format: "%02d", seconds / 60 % 60)) min"
        }
    }

    /// `1 picture`, `2 pictures`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
