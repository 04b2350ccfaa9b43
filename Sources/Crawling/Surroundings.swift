package import CrawlModel

/// What a crawl takes from the world besides its sites and its folder: time and chance.
package struct Surroundings: Sendable {
    /// The time of day.
    package let now: @Sendable () -> Timestamp
    /// Waits, or throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// 64 random bits.
    package let random: @Sendable () -> UInt64

    /// Surroundings of their parts.
    package init(
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    var generator: Generator { Generator(random: random) }

    struct Generator: RandomNumberGenerator {
        let random: @Sendable () -> UInt64

        mutating func next() -> UInt64 { random() }
    }
}
