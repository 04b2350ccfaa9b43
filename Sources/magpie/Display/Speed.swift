import CrawlModel
import Storage

/// How fast pictures have been saved lately.
struct Speed {
    private struct Sample {
        let time: ContinuousClock.Instant
        let pictures: Int
        let bytes: Int
    }

    private var samples: [Sample] = []

    /// Long enough to be steady, short enough to show a change.
    private static let window = Duration.seconds(10)

    /// Takes a look at the counts.
    mutating func add(_ tally: Tally, at time: ContinuousClock.Instant) {
        samples.append(
            Sample(
                time: time,
                pictures: tally.tasks(.image, .done),
                bytes: tally.bytes(.image)
            )
        )
        // One from before the window stays, to measure from.
        while samples.count > 2, time - samples[1].time >= Self.window { samples.removeFirst() }
    }

    /// Pictures a second.
    var pictures: Double { rate(\.pictures) }

    /// Bytes a second.
    var bytes: Double { rate(\.bytes) }

    private func rate(_ what: KeyPath<Sample, Int>) -> Double {
        guard let first = samples.first, let last = samples.last, last.time > first.time else {
            return 0
        }
        let count = last[keyPath: what] - first[keyPath: what]
        return max(0, Double(count)) / ((last.time - first.time) / .seconds(1))
    }
}
