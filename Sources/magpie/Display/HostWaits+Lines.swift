import CrawlModel
import Crawling
import Storage

extension HostWaits {
    private static let shown = 2

    /// The hosts of a crawl that wait now.
    ///
    /// - Throws: `StoreError`.
    static func now(_ reader: CrawlReader) throws -> HostWaits {
        try reader.waits(at: Surroundings.real.now(), limit: shown)
    }

    /// The hosts of this process's crawl that wait now; none once the run has ended.
    static func now(_ store: Store) async -> HostWaits {
        (try? await store.waits(at: Surroundings.real.now(), limit: shown)) ?? HostWaits()
    }

    /// A line for each; the last one counts those that are left out.
    var lines: [String] {
        let now = Surroundings.real.now()
        let rest = inAll - hosts.count
        return hosts.map { Self.line($0, at: now) }
            + (rest > 0 ? ["and \(Plain.count(rest, "host")) more"] : [])
    }

    /// What is told of a host: why it waits, and how long.
    static func line(_ wait: HostWait, at now: Timestamp) -> String {
        let host = Plain.text(wait.host)
        let left = Plain.duration(.seconds(max(1, ((wait.until - now) / .seconds(1)).rounded(.up))))
        switch wait.reason {
        case .leftAlone: return "\(host) for \(left): it asked to be left alone"
        case .parked(let failures):
            let times = failures == 1 ? "" : " \(failures) times in a row"
            return "\(host) for \(left): it failed\(times)"
        case .triedAgain: return "\(host) for \(left): what failed is tried again then"
        case .slow(let delay, let byRobots):
            let why = byRobots ? "as its robots.txt asks" : "since it has trouble"
            return "\(host): a request each \(Plain.duration(delay)), \(why)"
        }
    }
}
