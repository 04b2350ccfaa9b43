import CrawlModel
import Storage
import TestSupport
import Testing

/// A day at a thousand hosts, minute by minute, on a clock that is turned by hand.
@Suite(.timeLimit(.minutes(5)))
struct HostSimulationTests {
    private static let hosts = 1000
    private static let connections = 2
    private static let delay = Duration.seconds(40 * 60)

    /// Half of the hosts have much to give, the others take long to give it: so the delay is what bounds
    /// those, and the connections these.
    private static func isSlow(_ host: Int) -> Bool { !host.isMultiple(of: 2) }
    private static func tasks(of host: Int) -> Int { isSlow(host) ? 12 : 33 }
    private static func minutes(of host: Int) -> ClosedRange<Int> {
        isSlow(host) ? 60...120 : 5...20
    }

    private static func number(of name: String) -> Int { Int(name.filter(\.isNumber)) ?? 0 }

    /// What is known of a host from outside.
    private struct Host {
        var inFlight = 0
        var begins: [Timestamp] = []
        var busy = Duration.zero
        var waited = Duration.zero
        var done = 0
        var failures = 0
        var lastEnd = Timestamp.atOnce

        /// No plan takes less time than this.
        var bound: Duration {
            max(
                HostSimulationTests.delay * Double(begins.count - 1),
                busy / HostSimulationTests.connections
            )
        }
    }

    /// A request and how it will end.
    private struct Flight {
        let task: ImageTask
        let begin: Timestamp
        let failure: Failure?
        let retryAfter: Duration?
    }

    private let fixture = StoreFixture()

    @Test func `no host is asked too often, none waits in vain, and the day is used`() async throws
    {
        var generator = SeededGenerator(for: "a day of a thousand hosts")
        let store = try await begin()
        let start = fixture.clock.now
        var hosts: [String: Host] = [:]
        var flights: [Int: [Flight]] = [:]
        var minute = 0
        while true {
            let landed = flights.removeValue(forKey: minute) ?? []
            try await land(landed, &hosts, in: store)
            while true {
                let claimed = try await store.claimImages(limit: 2000)
                if claimed.isEmpty { break }
                for task in claimed {
                    let host = Self.number(of: task.address.authority)
                    let minutes = Int.random(in: Self.minutes(of: host), using: &generator)
                    let flight = begin(task, minutes, &hosts, store, &generator)
                    flights[minute + minutes, default: []].append(flight)
                }
            }
            if flights.isEmpty, try await store.nextClaim(.image) == .never { break }
            minute += 1
            try #require(minute < 3 * 24 * 60, "the day does not end")
            fixture.clock.advance(by: .seconds(60))
        }
        #expect(hosts.count == Self.hosts)
        for (name, host) in hosts {
            #expect(host.done == Self.tasks(of: Self.number(of: name)))
            let took = host.lastEnd - start
            // A failure leaves one connection until the next answer.
            let longest = Duration.seconds(60 * Self.minutes(of: Self.number(of: name)).upperBound)
            let slack = longest * Double(host.failures + 2) + host.waited
            #expect(took <= host.bound * 1.05 + slack, "\(name): \(took), \(host.bound)")
        }
        let bound = hosts.values.map(\.bound).max() ?? .zero
        let took = fixture.clock.now - start
        #expect(took <= bound * 1.1, "\(took) instead of \(bound)")
        #expect(took >= .seconds(20 * 3600), "it was a day")
    }

    private func begin() async throws -> Store {
        let politeness = Politeness(
            connections: Self.connections,
            delay: Self.delay,
            robots: .ignore
        )
        let store = try fixture.begin(politeness: politeness)
        _ = try await store.discover(startPages: [WebAddress("http://pages.test/1")])
        let page = try #require(await store.claimPages(limit: 1).first)
        let images = (0..<Self.hosts).flatMap { host in
            (0..<Self.tasks(of: host)).map { ("http://h\(host).test/\($0).jpg", "\(host) \($0)") }
        }
        _ = try await fixture.read(page, images, in: store)
        return store
    }

    /// A request goes out; of fifty one fails, and half of those ask for some time.
    private func begin(
        _ task: ImageTask,
        _ minutes: Int,
        _ hosts: inout [String: Host],
        _ store: Store,
        _ generator: inout SeededGenerator
    ) -> Flight {
        let (name, now) = (task.address.authority, fixture.clock.now)
        let wait = store.paces.with(name) { $0.start(at: now, patience: .zero) }
        #expect(wait == .zero, "what was claimed may begin at once")
        hosts[name, default: Host()].inFlight += 1
        let host = hosts[name] ?? Host()
        #expect(host.inFlight <= Self.connections, "\(name)")
        if let last = host.begins.last { #expect(now - last >= Self.delay, "\(name)") }
        hosts[name]?.begins.append(now)
        hosts[name]?.busy += .seconds(60 * minutes)
        let kind = Int.random(in: 0..<100, using: &generator)
        let seconds = Int.random(in: 1...2400, using: &generator)
        return Flight(
            task: task,
            begin: now,
            failure: kind < 2 ? Failure(kind == 0 ? .http429 : .timeout, "why") : nil,
            retryAfter: kind == 0 ? .seconds(seconds) : nil
        )
    }

    /// Answers come in.
    private func land(
        _ flights: [Flight],
        _ hosts: inout [String: Host],
        in store: Store
    ) async throws {
        let now = fixture.clock.now
        var endings: [TaskEnding<SavedImage>] = []
        for flight in flights {
            let name = flight.task.address.authority
            _ = store.paces.with(name) { pace in
                _ = pace.free(at: now)
                guard let failure = flight.failure else {
                    return pace.succeed(
                        started: flight.begin,
                        latency: now - flight.begin,
                        at: now
                    )
                }
                pace.fail(
                    failure.errorClass,
                    started: flight.begin,
                    retryAfter: flight.retryAfter,
                    at: now
                )
            }
            hosts[name]?.inFlight -= 1
            hosts[name]?.lastEnd = now
            hosts[name]?.waited += flight.retryAfter ?? .zero
            if let failure = flight.failure {
                hosts[name]?.failures += 1
                endings.append(
                    fixture.failed(flight.task, failure.errorClass, due: now + .seconds(30))
                )
            } else {
                hosts[name]?.done += 1
                endings.append(fixture.done(flight.task))
            }
        }
        let lost = try await store.finish(images: endings)
        #expect(lost == 0)
    }
}

extension Duration {
    fileprivate static func * (duration: Duration, factor: Double) -> Duration {
        .seconds(duration / .seconds(1) * factor)
    }
}
