/// A point in time as the database keeps it: milliseconds since 1970-01-01 UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01 UTC.
    package let milliseconds: Int

    /// A point in time.
    package init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    /// The due time of a task that was never tried: before every real time.
    package static let atOnce = Timestamp(milliseconds: 0)

    /// The earlier of two comes first.
    package static func < (one: Timestamp, other: Timestamp) -> Bool {
        one.milliseconds < other.milliseconds
    }

    /// The time that is `duration` later.
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + duration.milliseconds)
    }

    /// How long it is from the second to the first.
    package static func - (end: Timestamp, start: Timestamp) -> Duration {
        .milliseconds(end.milliseconds - start.milliseconds)
    }
}

extension Duration {
    /// The whole milliseconds in it.
    package var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
