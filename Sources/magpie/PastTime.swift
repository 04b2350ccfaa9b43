import ArgumentParser
import CrawlModel
import Crawling
import Foundation

/// A time on the command line: so long ago, a day, or a moment.
struct PastTime: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        let units = ["m": 60, "h": 3600, "d": 86_400]
        if let unit = units[String(argument.suffix(1))], let count = Int(argument.dropLast()),
            (0...1_000_000).contains(count)
        {
            let ago = Duration.seconds(count * unit)
            time = Surroundings.real.now() + (.zero - ago)
            return
        }
        // What is left out of a time is zero, and its zone UTC.
        let text = argument.replacing(" ", with: "T").uppercased()
        let whole =
            switch text.utf8.count {
            case 10: text + "T00:00:00Z"
            case 16: text + ":00Z"
            case 19: text + "Z"
            default: text
            }
        guard let date = ISO8601DateFormatter().date(from: whole) else { return nil }
        time = Timestamp(milliseconds: Int(date.timeIntervalSince1970 * 1000))
    }
}
