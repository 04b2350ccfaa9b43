import Synchronization

/// The wish to end the crawl: the user's, or that of a limit.
package final class StopRequest: Sendable {
    /// How urgent it is.
    package enum Urgency: Int, Comparable, Sendable {
        /// Nobody asked.
        case none
        /// Claim nothing more, finish what is in flight, commit.
        case soon
        /// Give up what is in flight.
        case now

        /// The less urgent one comes first.
        package static func < (one: Urgency, other: Urgency) -> Bool {
            one.rawValue < other.rawValue
        }
    }

    private struct State {
        var urgency = Urgency.none
        var limit: RunLimits.Kind?
    }

    private let state = Mutex(State())
    let bell = Bell()

    /// A request that nobody made yet.
    package init() {}

    /// How urgent it is now; it never becomes less.
    package var urgency: Urgency { state.withLock(\.urgency) }

    /// The limit that asked for the end; `nil` if nobody asked, or the user did.
    package var limit: RunLimits.Kind? { state.withLock(\.limit) }

    /// Asks for an end: the first time soon, after that now.
    package func escalate() {
        state.withLock { state in
            state.urgency = state.urgency == .none ? .soon : .now
            state.limit = nil
        }
        bell.ring()
    }

    /// Asks for an end soon, since a limit is reached; what was asked for before stands.
    func reach(_ limit: RunLimits.Kind) {
        let isFirst = state.withLock { state in
            guard state.urgency == .none else { return false }
            state.urgency = .soon
            state.limit = limit
            return true
        }
        // A ring more would end the grace of what is in flight.
        if isFirst { bell.ring() }
    }

    /// Asks for an end now where a limit asked for one soon, when its grace is over.
    func hurryAfterLimit(_ surroundings: Surroundings) async {
        let rings = bell.rings
        guard limit != nil, urgency == .soon else { return }
        await bell.wait(after: rings, atMost: RunLimits.grace, surroundings)
        guard !Task.isCancelled else { return }
        state.withLock { $0.urgency = .now }
        bell.ring()
    }

    /// Waits until an end is asked for at least this urgently, or the task is cancelled.
    func wait(for urgency: Urgency) async {
        while true {
            let rings = bell.rings
            if self.urgency >= urgency || Task.isCancelled { return }
            await bell.wait(after: rings)
        }
    }
}
