package import CrawlModel
import Synchronization

/// A clock that moves only when a test says so.
package final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    /// A clock that stands at a round time.
    package init(_ start: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
        time = Mutex(start)
    }

    /// The time it shows.
    package var now: Timestamp { time.withLock { $0 } }

    /// Moves it on.
    package func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}
