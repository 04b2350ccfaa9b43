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
        let moment = ISO8601DateFormatter()
        if argument.utf8.count == 10 { moment.formatOptions = [.withFullDate] }
        guard let date = moment.date(from: argument) else { return nil }
        time = Timestamp(milliseconds: Int(date.timeIntervalSince1970 * 1000))
    }
}
