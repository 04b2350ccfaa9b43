package import CrawlModel
import GRDB
import Synchronization

/// The pace of each host that is being asked.
///
/// What outlives the run is read from the host's row when its tasks are first claimed, and written back by
/// the next transaction, whatever that is about. So a wait is in the database no later than the ending of the
/// task that brought it.
package final class HostPaces: Sendable {
    fileprivate struct Entry {
        let id: Int64
        var pace: HostPace
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var changed: Set<String> = []
        /// With so many entries those of hosts with nothing in flight are forgotten.
        var entriesMax = HostPaces.entriesMax
    }

    fileprivate static let entriesMax = 1000
    private let politeness: Politeness
    private let state = Mutex(State())

    init(_ politeness: Politeness) { self.politeness = politeness }

    /// Changes the pace of a host of which a task is in flight.
    ///
    /// - Parameters:
    ///   - host: Host and port.
    ///   - change: What to do; is not called for a host of which nothing is known.
    /// - Returns: What `change` returned.
    package func with<Value>(_ host: String, _ change: (inout HostPace) -> Value) -> Value? {
        state.withLock { state in
            guard var entry = state.entries[host] else { return nil }
            let before = entry.pace.memory
            let value = change(&entry.pace)
            if entry.pace.memory != before { state.changed.insert(host) }
            state.entries[host] = entry
            return value
        }
    }

    /// Hosts that have tasks in flight and room for no more: the end of one is worth another look.
    func full(at now: Timestamp) -> Int {
        state.withLock { state in state.entries.values.count { $0.pace.isFull(at: now) } }
    }

    /// How many tasks of a host may be taken.
    func room(_ host: HostRow, at now: Timestamp) -> Int {
        state.withLock { state in
            if let entry = state.entries[host.name] { return entry.pace.room(at: now) }
            return pace(of: host).room(at: now)
        }
    }

    /// Whether a host's room is taken up by tasks that are in flight.
    func isFull(_ name: String, at now: Timestamp) -> Bool {
        state.withLock { $0.entries[name]?.pace.isFull(at: now) ?? false }
    }

    /// Notes that tasks of a host were taken.
    func take(_ count: Int, of host: HostRow, at now: Timestamp) {
        guard count > 0 else { return }
        state.withLock { state in
            var entry = state.entries[host.name] ?? Entry(id: host.id, pace: pace(of: host))
            let before = entry.pace.memory
            entry.pace.take(count, at: now)
            if entry.pace.memory != before { state.changed.insert(host.name) }
            state.entries[host.name] = entry
            state.forgetIdle()
        }
    }

    /// Forgets how hosts failed.
    func forgive(_ hosts: Set<Int64>) {
        state.withLock { state in
            for (name, entry) in state.entries where hosts.contains(entry.id) {
                state.entries[name]?.pace.forgive()
            }
        }
    }

    private func pace(of host: HostRow) -> HostPace {
        HostPace(
            politeness.limits(of: host.name),
            obeysRobots: politeness.robots == .obey && host.name != WebAddress.inlineHost,
            memory: host.memory
        )
    }

    /// Writes what changed since the last transaction.
    func store(in db: Database) throws {
        let changes = state.withLock { state in
            defer { state.changed = [] }
            return state.changed.compactMap { state.entries[$0] }
        }
        guard !changes.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: """
                update host
                set next_ms = ?, blocked_until_ms = ?, delay_ms = ?, crawl_delay_ms = ?,
                    failures = ?, parkings = ?, robots_ms = ?
                where id = ?
                """
        )
        for entry in changes {
            let memory = entry.pace.memory
            try statement.execute(arguments: [
                memory.next.milliseconds, memory.blockedUntil.milliseconds,
                memory.delay.milliseconds, memory.crawlDelay.milliseconds,
                memory.breaker.failures, memory.breaker.parkings,
                memory.robotsRead?.milliseconds, entry.id,
            ])
        }
    }

    /// Hosts that were given up are probed once more by a new run.
    static func allowOneMoreProbe(in db: Database) throws {
        try db.execute(
            sql: "update host set parkings = ?1 where parkings > ?1",
            arguments: [HostBreaker.waits.count]
        )
    }
}

extension HostPaces.State {
    /// Keeps memory from growing with the number of hosts; what outlives the run is in their rows.
    fileprivate mutating func forgetIdle() {
        guard entries.count > entriesMax else { return }
        entries = entries.filter { $0.value.pace.inFlight > 0 || changed.contains($0.key) }
        entriesMax = max(HostPaces.entriesMax, 2 * entries.count)
    }
}

/// What a claim needs to know of a host.
struct HostRow {
    /// The columns in the order of `init`.
    static let columns = """
        id, name, next_ms, blocked_until_ms, delay_ms, crawl_delay_ms, failures, parkings, robots_ms
        """

    let id: Int64
    let name: String
    let memory: HostPace.Memory

    init(_ row: Row) {
        id = row[0]
        name = row[1]
        memory = HostPace.Memory(
            delay: .milliseconds(row[4] as Int),
            crawlDelay: .milliseconds(row[5] as Int),
            next: Timestamp(milliseconds: row[2]),
            blockedUntil: Timestamp(milliseconds: row[3]),
            breaker: HostBreaker(failures: row[6], parkings: row[7]),
            robotsRead: (row[8] as Int?).map(Timestamp.init(milliseconds:))
        )
    }
}
