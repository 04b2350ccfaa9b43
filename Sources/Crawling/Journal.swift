package import CrawlModel
import Synchronization

/// What happened lately, for those who watch.
package final class Journal: Sendable {
    /// A try that failed.
    package struct Trouble: Equatable, Sendable {
        /// The address that was asked for.
        package let address: String
        /// How it failed.
        package let failure: Failure
        /// Whether it will not be tried again by itself.
        package let isFinal: Bool
    }

    private struct State {
        var troubles: [Trouble] = []
        var troublesInAll = 0
        var lastSaved: ImagePath?
    }

    private static let kept = 5
    private let state = Mutex(State())

    /// An empty journal.
    package init() {}

    /// The last failed tries, the newest last.
    package var troubles: [Trouble] { state.withLock { $0.troubles } }

    /// How many tries failed in this run.
    package var troublesInAll: Int { state.withLock { $0.troublesInAll } }

    /// Where the picture is that was saved last.
    package var lastSaved: ImagePath? { state.withLock { $0.lastSaved } }

    func note(saved path: ImagePath) { state.withLock { $0.lastSaved = path } }

    func note(_ failure: Failure, of address: String, isFinal: Bool) {
        state.withLock { state in
            state.troubles.append(Trouble(address: address, failure: failure, isFinal: isFinal))
            state.troublesInAll += 1
            if state.troubles.count > Self.kept { state.troubles.removeFirst() }
        }
    }
}
