import CrawlModel

/// Keeps all transfers together to so many bytes a second, by letting them wait for their turns.
///
/// One that waits is not read; that fills its connection's window, and the server waits too. Belongs to the
/// fetcher's thread.
final class Throttle {
    private let bytesPerSecond: Double
    /// When all that came is paid for.
    private var paid: ContinuousClock.Instant
    /// Those that had bytes when none were allowed, the one that waits longest first.
    private var waiting: [Transfer] = []
    /// The one whose turn it is.
    private var served: Transfer?

    /// Bytes that may come at once are those of this time: enough to wake up for, too few to be noticed.
    private static let burst = Duration.milliseconds(50)

    init(bytesPerSecond: Int, now: ContinuousClock.Instant) {
        self.bytesPerSecond = Double(bytesPerSecond)
        paid = now
    }

    /// The receive buffer in bytes, which is what comes in a turn: not more than curl hands over at once,
    /// and not less than it can have.
    var bufferBytes: Int { min(max(Int(bytesPerSecond / 16), 1024), 16 * 1024) }

    /// Notes bytes that came.
    func spend(_ bytes: Int, at now: ContinuousClock.Instant) {
        paid = max(paid, now - Self.burst) + .seconds(Double(bytes) / bytesPerSecond)
    }

    /// Whether a transfer may take bytes now, which are noted then; if not, it is in line for its turn.
    func admit(_ transfer: Transfer, _ bytes: Int, at now: ContinuousClock.Instant) -> Bool {
        let isItsTurn = served === transfer || served == nil && waiting.isEmpty
        guard isItsTurn, paid <= now else {
            waiting.append(transfer)
            return false
        }
        spend(bytes, at: now)
        return true
    }

    /// Gives turns to those in line while bytes are allowed.
    func serve(_ turn: (Transfer) -> Void) {
        while let transfer = waiting.first, paid <= .now {
            waiting.removeFirst()
            served = transfer
            turn(transfer)
            served = nil
        }
    }

    /// Takes a transfer out of the line.
    func forget(_ transfer: Transfer) { waiting.removeAll { $0 === transfer } }

    /// Milliseconds until the next one has its turn; `nil` if none is in line.
    var wait: Int? {
        waiting.isEmpty ? nil : max((paid - .now).milliseconds + 1, 0)
    }
}
