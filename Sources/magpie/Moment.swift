import ArgumentParser
import CrawlModel
import Foundation

/// A point in time on the command line: a date, a date with a time, or how long ago it was.
enum Moment: ExpressibleByArgument, Equatable {
    case time(Timestamp)
    case ago(Duration)

    /// Reads `2026-11-26`, `2026-11-26T08:30` or `2026-11-26T08:30:00Z`, all UTC, or `30m`, `12h`, `7d`.
    init?(argument: String) {
        if let unit = argument.last, let seconds = Self.units[unit],
            let number = Int(argument.dropLast()), (0...1_000_000).contains(number)
        {
            self = .ago(.seconds(number * seconds))
            return
        }
        let text = argument.replacing(" ", with: "T").uppercased()
        let whole =
            switch text.utf8.count {
            case 10: text + "T00:00:00Z"
            case 16: text + ":00Z"
            case 19: text + "Z"
            default: text
            }
        guard let date = ISO8601DateFormatter().date(from: whole) else { return nil }
        self = .time(Timestamp(milliseconds: Int(date.timeIntervalSince1970 * 1000)))
    }

    private static let units: [Character: Int] = ["m": 60, "h": 3600, "d": 86400]

    /// The point in time, seen from `now`.
    func timestamp(now: Timestamp) -> Timestamp {
        switch self {
        case .time(let time): time
        case .ago(let duration): now - duration
        }
    }
}

extension Timestamp {
    /// The time that is `duration` earlier.
    fileprivate static func - (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds - duration.milliseconds)
    }
}
