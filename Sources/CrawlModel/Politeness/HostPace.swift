/// When and how often one host may be asked: a state machine without a clock.
///
/// It starts at its limits and never goes beyond them. Refusals (429, 503 and other failures of the host)
/// halve the connections and double the delay; answers that take longer and longer take connections away;
/// good answers give both back little by little.
package struct HostPace: Equatable, Sendable {
    /// What outlives the run.
    package struct Memory: Equatable, Sendable {
        /// The wait between two requests that is in force, never below the limits' delay.
        package var delay: Duration
        /// The least delay that its robots.txt asks for.
        package var crawlDelay: Duration
        /// No request begins before this.
        package var next: Timestamp
        /// Nothing is asked before this: `Retry-After`, or parked.
        package var blockedUntil: Timestamp
        /// Whether the host is parked or given up.
        package var breaker: HostBreaker
        /// When its robots.txt was last had; `nil` if never.
        package var robotsRead: Timestamp?

        /// A memory of its parts; of a host that was never asked unless said otherwise.
        package init(
            delay: Duration = .zero,
            crawlDelay: Duration = .zero,
            next: Timestamp = .atOnce,
            blockedUntil: Timestamp = .atOnce,
            breaker: HostBreaker = HostBreaker(),
            robotsRead: Timestamp? = nil
        ) {
            self.delay = delay
            self.crawlDelay = crawlDelay
            self.next = next
            self.blockedUntil = blockedUntil
            self.breaker = breaker
            self.robotsRead = robotsRead
        }
    }

    /// What is never exceeded.
    package let limits: HostLimits
    /// What outlives the run.
    package private(set) var memory: Memory
    /// Tasks that were taken and are not over.
    package private(set) var inFlight = 0
    private var lastStart: Timestamp?
    private var allowed: Double
    private var latency = Latency()
    private var slowed: Timestamp?
    private let obeysRobots: Bool
    /// How the host failed last, in this run.
    package private(set) var lastFailure: ErrorClass?

    /// How long a robots.txt is believed (RFC 9309, section 2.4).
    package static let robotsAge = Duration.seconds(86_400)
    /// The delay that the first refusal brings, and beyond which none goes.
    private static let delays = Duration.milliseconds(250)...Duration.seconds(60)
    /// Tasks of a host with a delay are taken so far ahead, so that looking for them costs little.
    private static let ahead = Duration.milliseconds(100)

    /// The pace of a host.
    ///
    /// - Parameters:
    ///   - limits: What is never exceeded.
    ///   - obeysRobots: Whether its robots.txt is to be had first.
    ///   - memory: What a run before left.
    package init(_ limits: HostLimits, obeysRobots: Bool, memory: Memory = Memory()) {
        self.limits = limits
        self.obeysRobots = obeysRobots
        self.memory = memory
        allowed = Double(limits.connections)
    }

    /// The delay below which it never is.
    package var leastDelay: Duration { max(limits.delay, memory.crawlDelay) }
    /// The delay now in force.
    package var delay: Duration { max(memory.delay, leastDelay) }
    /// Requests at once that are allowed now, from 1 to the limit.
    package var connections: Int { max(1, Int(allowed)) }
    /// Before this no task is taken.
    package var opens: Timestamp { max(memory.next, memory.blockedUntil) }

    /// Whether its robots.txt is to be had before anything else.
    package func needsRobots(at now: Timestamp) -> Bool {
        guard obeysRobots else { return false }
        guard let read = memory.robotsRead else { return true }
        return now >= read + Self.robotsAge
    }

    /// How many tasks may be taken now.
    package func room(at now: Timestamp) -> Int {
        if memory.breaker.hasGivenUp { return .max }
        guard now >= opens, !isFull(at: now) else { return 0 }
        let free = inFlightMax(at: now) - inFlight
        return delay > .zero ? min(free, 1 + Int(Self.ahead / delay)) : free
    }

    /// Whether as many tasks are in flight as may be, so that one has to end before another can begin.
    package func isFull(at now: Timestamp) -> Bool {
        !memory.breaker.hasGivenUp && inFlight >= inFlightMax(at: now)
    }

    /// One where it is to be seen first whether the host answers, or what its robots.txt says.
    private func inFlightMax(at now: Timestamp) -> Int {
        memory.breaker.isProbing || needsRobots(at: now) ? 1 : connections
    }

    /// Takes tasks, at most as many as `room` said.
    package mutating func take(_ count: Int, at now: Timestamp) {
        inFlight += count
        if delay > .zero, !memory.breaker.hasGivenUp {
            memory.next = max(memory.next, now) + delay * Double(count)
        }
    }

    /// Notes that a taken task is over, or was given back.
    ///
    /// - Returns: Whether there was no room for another one before.
    package mutating func free(at now: Timestamp) -> Bool {
        defer { inFlight -= 1 }
        precondition(inFlight > 0, "more tasks of a host are over than were taken")
        return isFull(at: now)
    }

    /// What a request that is about to begin has to wait; it counts as begun then.
    ///
    /// - Returns: `nil` if it had to wait for longer than `patience`: the task is to be given back.
    package mutating func start(at now: Timestamp, patience: Duration) -> Duration? {
        guard now >= memory.blockedUntil else { return nil }
        guard delay > .zero else { return .zero }
        let begin = max(now, lastStart.map { $0 + delay } ?? now)
        guard begin - now <= patience else { return nil }
        lastStart = begin
        memory.next = max(memory.next, begin + delay)
        return begin - now
    }
}

// What comes back.
extension HostPace {
    /// Notes an answer that was none of the host's failures.
    ///
    /// - Parameters:
    ///   - started: When its request began.
    ///   - sample: How long its first byte took; `nil` where that is not known.
    ///   - now: When its answer was over.
    package mutating func succeed(started: Timestamp, latency sample: Duration?, at now: Timestamp)
    {
        if memory.breaker != HostBreaker() { memory.breaker.close() }
        guard limits.adapts, isNews(started) else { return }
        if let sample, latency.grows(with: sample) {
            guard allowed > 1 else { return }
            allowed = max(1, allowed * 0.7)
            slowed = now
            latency.forgetRecent()
            return
        }
        allowed = min(Double(limits.connections), allowed + 1 / allowed)
        guard memory.delay > leastDelay else { return }
        let shorter = memory.delay * 0.9
        memory.delay = shorter < leastDelay + .milliseconds(20) ? .zero : shorter
    }

    /// Notes a failure of the host's.
    ///
    /// - Parameters:
    ///   - errorClass: Which one.
    ///   - started: When its request began.
    ///   - retryAfter: How long the host wants to be left alone.
    ///   - isHopeless: Whether it says that nothing can be asked, such as a robots.txt that can't be had.
    ///   - now: When it failed.
    package mutating func fail(
        _ errorClass: ErrorClass,
        started: Timestamp,
        retryAfter: Duration?,
        isHopeless: Bool = false,
        at now: Timestamp
    ) {
        lastFailure = errorClass
        if let retryAfter { block(until: now + retryAfter) }
        // What was in flight when the host was parked says nothing new.
        let isParked = memory.breaker.isProbing && now < memory.blockedUntil
        if !isParked, let wait = memory.breaker.fail(isHopeless: isHopeless) {
            block(until: now + wait)
        }
        guard limits.adapts, isNews(started) else { return }
        allowed = max(1, allowed / 2)
        memory.delay = min(max(delay * 2, Self.delays.lowerBound), Self.delays.upperBound)
        memory.delay = max(memory.delay, leastDelay)
        slowed = now
    }

    /// Forgets its failures, and that it was parked for them.
    package mutating func forgive() {
        if memory.breaker.parkings > 0 { memory.blockedUntil = .atOnce }
        memory.breaker = HostBreaker()
    }

    /// Notes that robots.txt was had, and what delay it asks for.
    package mutating func noteRobots(read: Timestamp, crawlDelay: Duration) {
        memory.robotsRead = read
        memory.crawlDelay = crawlDelay
    }

    private mutating func block(until time: Timestamp) {
        memory.blockedUntil = max(memory.blockedUntil, time)
    }

    /// Whether a request began after the last change: those before it tell about the pace before.
    private func isNews(_ started: Timestamp) -> Bool { slowed.map { started >= $0 } ?? true }
}

/// Tells whether a host takes longer to answer than it used to.
private struct Latency: Equatable, Sendable {
    private var usual = 0.0
    private var samples = 0.0
    private var recent: Double?

    /// Twice the usual and this much more is too long, in seconds.
    private static let tolerance = 0.2
    /// The usual is about an average of so many.
    private static let samplesMax = 200.0

    mutating func grows(with sample: Duration) -> Bool {
        let seconds = sample / .seconds(1)
        let now = recent.map { 0.8 * $0 + 0.2 * seconds } ?? seconds
        recent = now
        samples = min(samples + 1, Self.samplesMax)
        // The average at first; then it gets used to a slower host, but not in a hurry.
        usual += (seconds - usual) / samples
        return now > 2 * usual + Self.tolerance
    }

    mutating func forgetRecent() { recent = nil }
}
