import CrawlModel
import Fetching
import Pools
import Storage
import Synchronization

/// Has the robots.txt of hosts, from memory, from the database, or from the host.
final class RobotsKeeper: Sendable {
    private struct Cache {
        var rules: [String: RobotsRules] = [:]
        var size = 0
    }

    /// What came of asking for a robots.txt (RFC 9309, section 2.3.1).
    enum Answer {
        /// It is there; or there is none, which is an empty one (2.3.1.1, 2.3.1.3).
        case had(text: String, status: Int?)
        /// Nobody knows what it says: nothing may be asked for now (2.3.1.4).
        case unknown(Failure)
    }

    private let store: Store
    private let fetcher: Fetcher
    private let requests: RequestMaker
    private let politeness: Politeness
    private let threads: ThreadPool
    private let now: @Sendable () -> Timestamp
    private let cache = Mutex(Cache())

    /// Rules are remembered up to this size in all, in bytes; then it starts anew.
    private static let sizeMax = 4_000_000
    /// Where a robots.txt that is too old can't be had anew, the old one holds for this much longer.
    private static let grace = Duration.seconds(3600)

    init(
        store: Store,
        fetcher: Fetcher,
        requests: RequestMaker,
        politeness: Politeness,
        threads: ThreadPool,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.fetcher = fetcher
        self.requests = requests
        self.politeness = politeness
        self.threads = threads
        self.now = now
    }

    /// Rules beyond this size, in bytes, are as good as never real ones, and dear to compare with.
    private static let usualSize = 64_000

    /// Whether the robots.txt of an address's host, as it was last had, lets it be asked for.
    ///
    /// - Throws: `StoreError`.
    func allow(_ address: WebAddress) async throws -> Bool {
        let rules = try await rules(of: address.authority)
        let target = address.target
        if rules.size < Self.usualSize { return rules.allow(target) }
        return try await threads.apply { rules.allow(target) }
    }

    private func rules(of host: String) async throws -> RobotsRules {
        if let rules = cache.withLock({ $0.rules[host] }) { return rules }
        let text = try await store.robots(of: host) ?? ""
        let rules = try await threads.apply { RobotsRules(text.utf8) }
        remember(rules, of: host)
        return rules
    }

    /// Asks a request's host for its robots.txt, stores it, and tells the host's pace what it asks for.
    ///
    /// - Returns: Whether its rules are known now; if not, the pace says when to ask again.
    /// - Throws: `StoreError`.
    func renew(of request: FetchRequest) async throws -> Bool {
        let host = request.address.authority
        let started = now()
        switch await Self.ask(for: request, requests, fetcher) {
        case .had(let text, let status):
            let rules = try await threads.apply { RobotsRules(text.utf8) }
            remember(rules, of: host)
            let read = now()
            try await store.keep(robots: text, status: status, of: host, read: read)
            let delay = min(rules.crawlDelay ?? .zero, politeness.longestWait)
            _ = store.paces.with(host) { $0.noteRobots(read: read, crawlDelay: delay) }
            return true
        case .unknown(let failure):
            if Task.isCancelled { return false }
            return try await doWithout(host, failure, started: started)
        }
    }

    /// Goes by what was had before, for some time (section 2.4); without that the host has to wait.
    private func doWithout(
        _ host: String,
        _ failure: Failure,
        started: Timestamp
    ) async throws -> Bool {
        let isKnown = try await store.robots(of: host) != nil
        let now = now()
        let retryAfter = failure.retryAfter.flatMap {
            RetryAfter.wait($0, from: now, cap: politeness.longestWait)
        }
        _ = store.paces.with(host) { pace in
            if isKnown {
                let read = now + (Self.grace - HostPace.robotsAge)
                pace.noteRobots(read: read, crawlDelay: pace.memory.crawlDelay)
                // It may go by old rules, but not ask before it is welcome again.
                if retryAfter != nil {
                    pace.fail(
                        failure.errorClass,
                        started: started,
                        retryAfter: retryAfter,
                        at: now
                    )
                }
            } else {
                pace.fail(
                    failure.errorClass,
                    started: started,
                    retryAfter: retryAfter,
                    isHopeless: true,
                    at: now
                )
            }
        }
        return isKnown
    }

    /// Asks a request's host for its robots.txt.
    static func ask(
        for request: FetchRequest,
        _ requests: RequestMaker,
        _ fetcher: Fetcher
    ) async -> Answer {
        guard let robots = requests.robots(of: request.address) else {
            return .had(text: "", status: nil)
        }
        let beginning = BodyBeginning(bytesMax: RobotsRules.bytesMax)
        let outcome = await fetcher.fetch(robots, into: beginning)
        switch outcome {
        case .unchanged: preconditionFailure("no condition was set")
        case .response(let response):
            return .had(text: beginning.text, status: response.status)
        case .failed(let failure) where beginning.isFull:
            return .had(text: beginning.text, status: failure.status)
        case .failed(let failure):
            switch failure.errorClass {
            // Too many requests is no answer to what may be asked.
            case .http4xx, .redirect, .badURL: return .had(text: "", status: failure.status)
            default: return .unknown(failure)
            }
        }
    }

    private func remember(_ rules: RobotsRules, of host: String) {
        cache.withLock { cache in
            if cache.size > Self.sizeMax { cache = Cache() }
            cache.size += rules.size - (cache.rules[host]?.size ?? 0)
            cache.rules[host] = rules
        }
    }
}

/// The first bytes of a body; more of it is not wanted, and ends the transfer.
private final class BodyBeginning: BodySink {
    private struct Enough: Error {}

    private let bytesMax: Int
    private let storage = Mutex<[UInt8]>([])

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var isFull: Bool { storage.withLock { $0.count >= bytesMax } }
    var text: String { storage.withLock { String(decoding: $0, as: UTF8.self) } }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        let isFull = storage.withLock { storage in
            storage.append(contentsOf: bytes.prefix(bytesMax - storage.count))
            return storage.count >= bytesMax
        }
        if isFull { throw Enough() }
    }

    func finish(_ response: FetchResponse) {}

    func abandon() {}
}
