import CrawlModel
import Crawling
import Storage

/// The hosts that wait, as the display and `status` tell of them.
struct HostWaits {
    /// A line for each, the longest wait first; the last one counts those that are left out.
    let lines: [String]

    private static let shown = 2

    /// No host waits.
    static let none = HostWaits(lines: [])

    private init(lines: [String]) { self.lines = lines }

    /// The hosts of a crawl that wait now.
    ///
    /// - Throws: `StoreError`.
    init(_ reader: CrawlReader, at now: Timestamp = Surroundings.real.now()) throws {
        let (hosts, inAll) = try reader.waits(at: now, limit: Self.shown)
        var lines = hosts.map { Self.line($0, at: now) }
        if inAll > hosts.count {
            lines.append("and \(Plain.count(inAll - hosts.count, "host")) more")
        }
        self.lines = lines
    }

    /// What is told of a host: why it waits, and how long.
    static func line(_ wait: HostWait, at now: Timestamp) -> String {
        let host = Plain.text(wait.host)
        let left = Plain.duration(.seconds(max(1, ((wait.until - now) / .seconds(1)).rounded(.up))))
        switch wait.reason {
        case .leftAlone: return "\(host) for \(left): it asked to be left alone"
        case .parked(let failures):
            return "\(host) for \(left): it failed \(failures) times in a row"
        case .triedAgain: return "\(host) for \(left): what failed is tried again then"
        case .slow(let delay, let byRobots):
            let why = byRobots ? "as its robots.txt asks" : "since it has trouble"
            return "\(host): a request each \(Plain.duration(delay)), \(why)"
        }
    }
}
