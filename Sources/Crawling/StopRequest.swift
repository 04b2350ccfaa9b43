import Synchronization

/// The user's wish to end the crawl.
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

    private let state = Mutex(Urgency.none)
    let bell = Bell()

    /// A request that nobody made yet.
    package init() {}

    /// How urgent it is now; it never becomes less.
    package var urgency: Urgency { state.withLock { $0 } }

    /// Asks for an end: the first time soon, after that now.
    package func escalate() {
        state.withLock { $0 = $0 == .none ? .soon : .now }
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
