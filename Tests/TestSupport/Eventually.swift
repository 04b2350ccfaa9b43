/// Looks at a state outside this process again and again until it is as wanted.
///
/// - Parameters:
///   - what: What is waited for, for the failure's message.
///   - limit: How long at most; far beyond what it takes.
///   - condition: The look.
/// - Throws: `GaveUp` when the limit is over, or what `condition` throws.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(120),
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else { throw GaveUp(what: what) }
        try await clock.sleep(for: .milliseconds(5))
    }
}

/// A state that never came.
package struct GaveUp: Error, CustomStringConvertible {
    let what: String

    /// What was waited for.
    package var description: String { "waited in vain until \(what)" }
}
