/// How a date is written: `yyyy-MM-dd`, `d MMM yyyy HH:mm`.
///
/// Letters: `yyyy`, `yy`, `MM`, `M`, `MMM` (English, three letters or the whole name when read), `dd`, `d`,
/// `HH`, `mm`, `ss`. All other characters stand for themselves.
package struct DatePattern: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case year, shortYear
        case month(digits: Int), monthName
        case day(digits: Int)
        case hour, minute, second
        case text(String)
    }

    /// The pattern as written.
    package let text: String
    let parts: [Part]

    /// Reads a pattern.
    ///
    /// - Throws: `RecipeProblem` for a letter that means nothing.
    package init(_ text: String) throws(RecipeProblem) {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            guard first.isASCII, first.isLetter, first != "T", first != "Z" else {
                parts.append(.text(String(run)))
                rest = rest[run.endIndex...]
                continue
            }
            guard let part = Self.letters[String(run)] else {
                throw RecipeProblem(
                    "'\(run)' means nothing in the date '\(text)'",
                    cure: "use yyyy, MM, MMM, dd, HH, mm and ss"
                )
            }
            parts.append(part)
            rest = rest[run.endIndex...]
        }
        self.parts = parts
    }

    private static let letters: [String: Part] = [
        "yyyy": .year, "yy": .shortYear, "MM": .month(digits: 2), "M": .month(digits: 1),
        "MMM": .monthName, "dd": .day(digits: 2), "d": .day(digits: 1), "HH": .hour,
        "mm": .minute, "ss": .second,
    ]

    /// Whether it has a time of day.
    package var hasTime: Bool { parts.contains(.hour) }
}

/// A date as pages have it, without a time zone: what is written is kept.
package struct WrittenDate: Equatable, Sendable {
    private var year = 0
    private var month = 1
    private var day = 1
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var hasTime = false

    /// Reads ISO 8601 (`2024-05-06`, `2024-05-06T07:08:09Z`, with a blank for the T) or RFC 5322
    /// (`Mon, 6 May 2024 07:08:09 +0200`); `nil` if it is neither.
    package init?(_ text: String) {
        let date = Self.usual.lazy.compactMap { Self(text, $0, mayGoOn: $0.text != "yyyy-MM") }
            .first
        guard let date else { return nil }
        self = date
    }

    private static let usual: [DatePattern] = [
        "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd", "d MMM yyyy HH:mm:ss", "d MMM yyyy HH:mm", "d MMM yyyy", "yyyy/MM/dd",
        "yyyy-MM",
    ].compactMap { try? DatePattern($0) }

    /// Reads a date that is written like a pattern; `nil` if it is not.
    package init?(_ text: String, _ pattern: DatePattern) {
        self.init(text, pattern, mayGoOn: false)
    }

    private init?(_ text: String, _ pattern: DatePattern, mayGoOn: Bool) {
        var rest = Self.withoutWeekday(text.drop { $0.isWhitespace })
        for part in pattern.parts {
            switch part {
            case .text(let text):
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
            case .monthName:
                let name = rest.prefix { $0.isLetter }
                let start = name.prefix(3).lowercased()
                guard let index = Self.months.firstIndex(where: { $0.lowercased() == start }) else {
                    return nil
                }
                month = index + 1
                rest = rest[name.endIndex...]
            case .year:
                guard let number = Self.number(&rest, 4...4) else { return nil }; year = number
            case .shortYear:
                guard let number = Self.number(&rest, 2...2) else { return nil }
                year = number + (number < 70 ? 2000 : 1900)
            case .month(let digits):
                guard let number = Self.number(&rest, digits...2) else { return nil }
                month = number
            case .day(let digits):
                guard let number = Self.number(&rest, digits...2) else { return nil }
                day = number
            case .hour:
                guard let number = Self.number(&rest, 2...2) else { return nil }
                hour = number
                hasTime = true
            case .minute:
                guard let number = Self.number(&rest, 2...2) else { return nil }; minute = number
            case .second:
                guard let number = Self.number(&rest, 2...2) else { return nil }; second = number
            }
        }
        guard mayGoOn ? rest.first?.isNumber != true : rest.allSatisfy(\.isWhitespace),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
    }

    /// Removes `Mon, `, which says nothing that the date does not.
    private static func withoutWeekday(_ text: Substring) -> Substring {
        let word = text.prefix { $0.isLetter }
        let after = text[word.endIndex...]
        guard word.count >= 3, after.hasPrefix(",") else { return text }
        return after.dropFirst().drop { $0.isWhitespace }
    }

    private static func number(_ rest: inout Substring, _ width: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(width.upperBound).prefix { ("0"..."9").contains($0) }
        guard digits.count >= width.lowerBound else { return nil }
        rest = rest[digits.endIndex...]
        return Int(digits)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The date written like a pattern.
    package func text(_ pattern: DatePattern) -> String {
        pattern.parts.map { part in
            switch part {
            case .year: Self.filled(year, 4)
            case .shortYear: Self.filled(year % 100, 2)
            case .month(let digits): Self.filled(month, digits)
            case .monthName: Self.months[month - 1]
            case .day(let digits): Self.filled(day, digits)
            case .hour: Self.filled(hour, 2)
            case .minute: Self.filled(minute, 2)
            case .second: Self.filled(second, 2)
            case .text(let text): text
            }
        }.joined()
    }

    /// The date as ISO 8601, with a time if it was read with one.
    package var iso: String {
        let day = "\(Self.filled(year, 4))-\(Self.filled(month, 2))-\(Self.filled(day, 2))"
        guard hasTime else { return day }
        let time = [hour, minute, second].map { Self.filled($0, 2) }.joined(separator: ":")
        return "\(day)T\(time)"
    }

    private static func filled(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
