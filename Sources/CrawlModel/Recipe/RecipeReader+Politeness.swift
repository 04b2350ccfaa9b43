extension RecipeReader {
    func politeness(
        _ value: RecipeValue?,
        robots: RecipeValue?
    ) throws(RecipeError) -> Politeness {
        var politeness = Politeness()
        politeness.robots = try robots?.word(Politeness.Robots.self) ?? .obey
        guard let mapping = try value?.mapping() else { return politeness }
        try mapping.allow(["connections", "delay", "longest_wait"])
        politeness.connections = try mapping.value("connections")?.number(in: 1...576)
        politeness.delay = try mapping.value("delay")?.durationOrZero()
        if let wait = try mapping.value("longest_wait")?.duration() {
            politeness.longestWait = wait
        }
        return politeness
    }

    func retries(_ value: RecipeValue?) throws(RecipeError) -> RetryPolicy {
        var policy = RetryPolicy.standard
        guard let mapping = try value?.mapping() else { return policy }
        let classes = RetryPolicy.changeable
        try mapping.allow(classes.map(\.rawValue))
        for errorClass in classes {
            guard let value = try mapping.value(errorClass.rawValue) else { continue }
            policy[errorClass] = try rule(value, policy[errorClass])
        }
        return policy
    }

    /// A number is the tries; what is not written stays as it is.
    private func rule(
        _ value: RecipeValue,
        _ standard: RetryPolicy.Rule
    ) throws(RecipeError) -> RetryPolicy.Rule {
        var rule = standard
        if value.isScalar {
            rule.tries = try value.number(in: 1...1000)
            return rule
        }
        let mapping = try value.mapping()
        try mapping.allow([
            "tries", "base", "factor", "cap", "jitter", "slows_host", "counts",
        ])
        rule.tries = try mapping.value("tries")?.number(in: 1...1000) ?? rule.tries
        rule.base = try mapping.value("base")?.duration() ?? rule.base
        rule.factor = try mapping.value("factor")?.fraction(in: 1...100) ?? rule.factor
        rule.cap = try mapping.value("cap")?.duration() ?? rule.cap
        rule.jitter = try mapping.value("jitter")?.fraction(in: 0...1) ?? rule.jitter
        rule.slowsHost = try mapping.value("slows_host")?.flag() ?? rule.slowsHost
        rule.countsAgainstTask = try mapping.value("counts")?.flag() ?? rule.countsAgainstTask
        return rule
    }
}
