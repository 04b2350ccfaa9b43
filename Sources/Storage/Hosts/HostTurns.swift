import Synchronization

/// Numbers the turns that hosts have; a count, since a clock can be set back.
final class HostTurns: Sendable {
    static let last = "select max(served) from host"
    private let count: Atomic<Int>

    init(_ last: Int) { count = Atomic(last) }

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
