import Fetching
import Synchronization

/// A sink that keeps what it is told, and fails where a test wants it to.
final class RecordingSink: BodySink {
    /// What a sink can be told as its last call.
    enum Ending { case finished, abandoned }

    /// The call that throws.
    enum Fault { case none, receive, finish }

    struct Broken: Error, CustomStringConvertible {
        let description = "the sink is full"
    }

    private struct State {
        var statuses: [Int] = []
        var bytes: [UInt8] = []
        var pieces: [Int] = []
        var endings: [Ending] = []
        var isTouchedAfterEnd = false
    }

    private let state = Mutex(State())
    private let fault: Fault
    private let onPiece: @Sendable () -> Void

    init(failing fault: Fault = .none, onPiece: @escaping @Sendable () -> Void = {}) {
        self.fault = fault
        self.onPiece = onPiece
    }

    /// The statuses of the bodies that it was told of; more than one is a fault of the fetcher.
    var statuses: [Int] { state.withLock { $0.statuses } }
    var bytes: [UInt8] { state.withLock { $0.bytes } }
    /// The sizes of the pieces, in order.
    var pieces: [Int] { state.withLock { $0.pieces } }
    /// What it was told last; more than one is a fault of the fetcher.
    var endings: [Ending] { state.withLock { $0.endings } }
    /// Whether anything came after the last call.
    var isTouchedAfterEnd: Bool { state.withLock { $0.isTouchedAfterEnd } }

    func begin(_ head: BodyHead) -> Bool {
        state.withLock { $0.statuses.append(head.status) }
        return true
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws {
        state.withLock { state in
            if !state.endings.isEmpty { state.isTouchedAfterEnd = true }
            state.bytes.append(contentsOf: bytes)
            state.pieces.append(bytes.count)
        }
        onPiece()
        if fault == .receive { throw Broken() }
    }

    func finish(_ response: FetchResponse) throws {
        state.withLock { $0.endings.append(.finished) }
        if fault == .finish { throw Broken() }
    }

    func abandon() { state.withLock { $0.endings.append(.abandoned) } }
}
