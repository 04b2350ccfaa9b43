/// Whether and when a failed try is repeated: one row for each error class.
package struct RetryPolicy: Equatable, Sendable {
    /// What holds for one class.
    package struct Rule: Equatable, Sendable {
        /// How many tries a task has in all, at least 1.
        package var tries: Int
        /// The longest wait before the second try.
        package var base: Duration
        /// What the wait is multiplied by from try to try.
        package var factor: Double
        /// The wait never grows beyond this.
        package var cap: Duration

        /// A rule of its parts.
        package init(tries: Int, base: Duration, factor: Double = 2, cap: Duration = .seconds(300))
        {
            self.tries = tries
            self.base = base
            self.factor = factor
            self.cap = cap
        }

        static let never = Rule(tries: 1, base: .zero)
    }

    private var rules: [ErrorClass: Rule]

    /// The defaults.
    ///
    /// | class | tries | longest waits before the next try |
    /// |---|---|---|
    /// | dns, connect | 4 | 2 s, 6 s, 18 s |
    /// | timeout, reset, truncated | 5 | 1 s, 2 s, 4 s, 8 s |
    /// | http_5xx | 5 | 2 s, 4 s, 8 s, 16 s |
    /// | http_429 | 8 | 5 s, 10 s, 20 s … at most 5 min |
    /// | not_an_image | 2 | 2 s |
    /// | all others | 1 | – |
    package static let standard = RetryPolicy(rules: [
        .dns: Rule(tries: 4, base: .seconds(2), factor: 3),
        .connect: Rule(tries: 4, base: .seconds(2), factor: 3),
        .timeout: Rule(tries: 5, base: .seconds(1)),
        .reset: Rule(tries: 5, base: .seconds(1)),
        .truncated: Rule(tries: 5, base: .seconds(1)),
        .http5xx: Rule(tries: 5, base: .seconds(2)),
        .http429: Rule(tries: 8, base: .seconds(5)),
        .notAnImage: Rule(tries: 2, base: .seconds(2)),
    ])

    /// No wait is longer than this.
    package var longestWait: Duration { rules.values.map(\.cap).max() ?? .zero }

    /// The rule of a class.
    package subscript(errorClass: ErrorClass) -> Rule { rules[errorClass] ?? .never }

    /// Decides whether and when a failed task is tried again.
    ///
    /// The wait is drawn evenly between half of the longest wait and the whole of it, so that tasks
    /// that failed together do not come back together.
    ///
    /// - Parameters:
    ///   - errorClass: How the last try failed.
    ///   - tries: How many tries were made, at least 1.
    ///   - generator: Where chance comes from.
    /// - Returns: The wait before the next try, or `nil` if there is none.
    package func wait(
        after errorClass: ErrorClass,
        tries: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        let rule = self[errorClass]
        guard tries < rule.tries else { return nil }
        var longest = rule.base
        for _ in 1..<max(tries, 1) where longest < rule.cap { longest *= rule.factor }
        return min(longest, rule.cap) * Double.random(in: 0.5...1, using: &generator)
    }
}

extension Duration {
    fileprivate static func * (duration: Duration, factor: Double) -> Duration {
        .seconds(duration / .seconds(1) * factor)
    }

    fileprivate static func *= (duration: inout Duration, factor: Double) {
        duration = duration * factor
    }
}
