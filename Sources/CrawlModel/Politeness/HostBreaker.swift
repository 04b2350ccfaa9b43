/// Notices a host from which nothing but failures comes, parks it, and asks it once in a while.
///
/// Closed: any number of tasks. Open: parked until a time, then one task probes it. An answer closes it;
/// a failed probe parks it for longer. After the last probe the host is given up, and its tasks fail without
/// being asked for, so that a crawl ends also where a host is gone for good.
package struct HostBreaker: Equatable, Sendable {
    /// Failures since the last answer.
    package private(set) var failures: Int
    /// Times it was parked since then.
    package private(set) var parkings: Int

    /// Failures in a row that park a host: more than one task's tries, so that a task alone never does.
    package static let failuresMax = 10
    /// How long it is parked each time; a failure after the last one gives it up.
    package static let waits: [Duration] = [10, 30, 90, 270, 600].map { .seconds($0) }

    /// No host is parked for longer than this.
    package static var longestWait: Duration { waits.max() ?? .zero }

    /// A breaker as it was stored; closed unless said otherwise.
    package init(failures: Int = 0, parkings: Int = 0) {
        self.failures = failures
        self.parkings = parkings
    }

    /// Whether one task at a time may be tried, and no more.
    package var isProbing: Bool { parkings > 0 && !hasGivenUp }
    /// Whether nothing is asked of the host any more.
    package var hasGivenUp: Bool { parkings > Self.waits.count }

    /// Notes an answer that is none of the host's failures.
    mutating func close() { self = HostBreaker() }

    /// Notes a failure.
    ///
    /// - Parameter isHopeless: Whether it alone says that nothing else can be asked.
    /// - Returns: How long the host is parked, if it is.
    mutating func fail(isHopeless: Bool) -> Duration? {
        failures += 1
        guard isHopeless || parkings > 0 || failures >= Self.failuresMax else { return nil }
        parkings = min(parkings + 1, Self.waits.count + 1)
        return hasGivenUp ? nil : Self.waits[parkings - 1]
    }

    /// Gives a host that was given up one more probe, as every new run does.
    package mutating func allowOneMoreProbe() {
        parkings = min(parkings, Self.waits.count)
    }
}
