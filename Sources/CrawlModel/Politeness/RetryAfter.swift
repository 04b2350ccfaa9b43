/// A server's wish when to come back: the value of `Retry-After` (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// How long to wait.
    ///
    /// - Parameters:
    ///   - text: The value as it was sent: seconds, or a date in any form that HTTP knows.
    ///   - now: The time to count a date from.
    ///   - cap: A longer wait is cut to this.
    /// - Returns: The wait, zero for a date that is past; `nil` if the value is neither.
    package static func wait(_ text: String, from now: Timestamp, cap: Duration) -> Duration? {
        let words = text.split { $0 == " " || $0 == "\t" }
        if words.count == 1, let value = words.first,
            value.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            guard value.utf8.count <= 12, let seconds = Int(value) else { return cap }
            return min(.seconds(seconds), cap)
        }
        return HTTPDate.read(text, now: now).map { min(max($0 - now, .zero), cap) }
    }
}

/// A date as HTTP writes it, in the form that is to be sent or in the two that are to be understood
/// (RFC 9110, section 5.6.7).
enum HTTPDate {
    /// Reads a date.
    ///
    /// - Parameters:
    ///   - text: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
    ///     `Sun Nov  6 08:49:37 1994`.
    ///   - now: Decides the century of a year of two digits.
    /// - Returns: `nil` if it is none, or there is no such day or time. That the day of the week fits is not
    ///   asked for.
    static func read(_ text: String, now: Timestamp) -> Timestamp? {
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        switch words.count {
        case 6 where isDay(words[0], from: shortDays, then: ",") && words[5] == "GMT":
            return date(words[1], words[2], words[3], words[4])
        case 4 where isDay(words[0], from: longDays, then: ",") && words[3] == "GMT":
            let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
                .map(String.init)
            guard parts.count == 3, parts[2].utf8.count == 2, let year = number(parts[2]) else {
                return nil
            }
            let full = fullYear(year, now: now)
            return date(parts[0], parts[1], "\(full)", words[2])
        case 5 where isDay(words[0], from: shortDays, then: ""):
            return date(words[2], words[1], words[4], words[3], dayDigits: 1...2)
        default: return nil
        }
    }

    private static let shortDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longDays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func isDay(_ word: String, from days: [String], then end: String) -> Bool {
        days.contains { $0 + end == word }
    }

    private static func number(_ digits: String) -> Int? {
        digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
    }

    /// A year that seems more than 50 years away is the last one with the same two digits.
    private static func fullYear(_ year: Int, now: Timestamp) -> Int {
        let thisYear = 1970 + now.milliseconds / 31_556_952_000
        let full = thisYear / 100 * 100 + year
        let latest = thisYear + 50
        return full > latest ? full - 100 : full + 100 <= latest ? full + 100 : full
    }

    private static func date(
        _ day: String,
        _ month: String,
        _ year: String,
        _ time: String,
        dayDigits: ClosedRange<Int> = 2...2
    ) -> Timestamp? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard clock.count == 3, clock.allSatisfy({ $0.utf8.count == 2 }),
            dayDigits.contains(day.utf8.count), year.utf8.count == 4,
            let month = months.firstIndex(of: month), let day = number(day),
            let year = number(year), let hour = number(clock[0]), let minute = number(clock[1]),
            let second = number(clock[2]), hour < 24, minute < 60, second <= 60,
            (1...days(inMonth: month, of: year)).contains(day)
        else { return nil }
        let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(milliseconds: seconds * 1000)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    /// Months count from 0.
    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 1: isLeap(year) ? 29 : 28
        case 3, 5, 8, 10: 30
        default: 31
        }
    }

    /// Days of the Gregorian calendar, also for years before 1970.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400 - 477
        let months = (0..<month).reduce(0) { $0 + days(inMonth: $1, of: year) }
        return (year - 1970) * 365 + leapDays + months + day - 1
    }
}
