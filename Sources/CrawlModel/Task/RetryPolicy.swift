/// Whether and when a failed try is repeated: one row for each error class.
package struct RetryPolicy: Equatable, Sendable {
    /// What holds for one class.
    package struct Rule: Equatable, Sendable {
        /// How many tries a task has in all, at least 1.
        package var tries: Int
        /// The longest wait before the second try.
        package var base: Duration
        /// What the wait is multiplied by from try to try, at least 1.
        package var factor: Double
        /// The wait never grows beyond this.
        package var cap: Duration
        /// The share of the wait that is left to chance, from 0 (none) to 1 (all of it).
        package var jitter: Double
        /// Whether the host is asked more slowly after it, and parked where nothing else comes of it.
        package var slowsHost: Bool
        /// Whether it uses up one of the task's tries.
        package var countsAgainstTask: Bool

        /// A rule of its parts.
        package init(
            tries: Int,
            base: Duration = .seconds(2),
            factor: Double = 2,
            cap: Duration = .seconds(300),
            jitter: Double = 1,
            slowsHost: Bool = false,
            countsAgainstTask: Bool = true
        ) {
            self.tries = tries
            self.base = base
            self.factor = factor
            self.cap = cap
            self.jitter = jitter
            self.slowsHost = slowsHost
            self.countsAgainstTask = countsAgainstTask
        }

        /// What holds for a class that no try makes better.
        package static let never = Rule(tries: 1)
    }

    private var rules: [ErrorClass: Rule]

    /// The defaults, which docs/RETRIES.md has as a table.
    ///
    /// A 429 says that the host is asked too often; the task can't help it, and so it costs no try. A host
    /// that says nothing else is parked and at last given up (`HostBreaker`), which ends its tasks.
    package static let standard = RetryPolicy(rules: [
        .dns: Rule(tries: 4, factor: 3, slowsHost: true),
        .connect: Rule(tries: 4, factor: 3, slowsHost: true),
        .tls: Rule(tries: 1, slowsHost: true),
        .timeout: Rule(tries: 5, base: .seconds(1), slowsHost: true),
        .reset: Rule(tries: 5, base: .seconds(1), slowsHost: true),
        .truncated: Rule(tries: 5, base: .seconds(1)),
        .http5xx: Rule(tries: 5, slowsHost: true),
        .http429: Rule(
            tries: 8,
            base: .seconds(5),
            slowsHost: true,
            countsAgainstTask: false
        ),
        .notAnImage: Rule(tries: 2),
    ])

    /// No wait is longer than this.
    package var longestWait: Duration { rules.values.map(\.cap).max() ?? .zero }
    /// The classes that a recipe can change: those with which tries of a task end.
    package static let changeable = ErrorClass.allCases.filter {
        ![.robots, .interrupted, .filtered, .pathTaken, .duplicate].contains($0)
    }

    /// The rule of a class.
    package subscript(errorClass: ErrorClass) -> Rule {
        get { rules[errorClass] ?? .never }
        set { rules[errorClass] = newValue }
    }

    /// Whether a failure tells something about its host and not only about what was asked for.
    ///
    /// Of the classes that slow a host, one is not always about it: programs answer 500 and 501 for a single
    /// thing that they can't do, and 502 to 504 where they are down or overloaded.
    package func blamesHost(for failure: Failure) -> Bool {
        guard self[failure.errorClass].slowsHost else { return false }
        guard failure.errorClass == .http5xx, failure.retryAfter == nil else { return true }
        return (502...504).contains(failure.status ?? 0)
    }

    /// Decides whether and when a failed task is tried again.
    ///
    /// Part of the wait is left to chance, so that tasks that failed together do not come back together.
    ///
    /// - Parameters:
    ///   - errorClass: How the last try failed.
    ///   - tries: How many tries were made that count, the last one included if it does.
    ///   - generator: Where chance comes from.
    /// - Returns: The wait before the next try, or `nil` if there is none.
    package func wait(
        after errorClass: ErrorClass,
        tries: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        let rule = self[errorClass]
        guard tries < rule.tries || !rule.countsAgainstTask else { return nil }
        var longest = rule.base
        for _ in 1..<max(tries, 1) where longest < rule.cap { longest *= rule.factor }
        let share = Double.random(in: 0...1, using: &generator) * rule.jitter
        return min(longest, rule.cap) * (1 - share)
    }
}

extension Duration {
    static func * (duration: Duration, factor: Double) -> Duration {
        .seconds(duration / .seconds(1) * factor)
    }

    static func *= (duration: inout Duration, factor: Double) {
        duration = duration * factor
    }
}
