/// A call that was given to a pool: whether it is over, and how it ended.
///
/// Any number of threads and tasks may wait for the same handle. A call ends exactly once: with its
/// value, with the error it threw, with `CancellationError` if it was cancelled, or with a `PoolError`.
public final class ResultHandle<Value: Sendable>: Sendable {
    typealias Work = @Sendable () throws -> Value
    typealias Observer = @Sendable (Result<Value, any Error>) -> Void

    private enum Phase {
        case waiting(Work, (any Undertaking)?)
        case running((any Undertaking)?)
        case over(Result<Value, any Error>)
    }

    private struct State {
        var phase: Phase
        var observers: [Observer] = []
    }

    private let state: Monitor<State>
    private let queue: CallQueue

    /// A call that waits for a thread of the queue.
    init(_ queue: CallQueue, of undertaking: (any Undertaking)? = nil, _ work: @escaping Work) {
        self.queue = queue
        state = Monitor(State(phase: .waiting(work, undertaking)))
    }

    /// A call that has begun, is made of others, and ends by `finish`.
    init(_ queue: CallQueue, begun undertaking: any Undertaking) {
        self.queue = queue
        state = Monitor(State(phase: .running(undertaking)))
    }

    /// Ends a begun call and tells everyone who waits; without effect if it is over.
    func finish(_ result: Result<Value, any Error>) {
        // What the old phase holds is let go outside the lock: its deinit may be anyone's code.
        let ended: (observers: [Observer], phase: Phase)? = state.withLock { state in
            if case .over = state.phase { return nil }
            defer { state = State(phase: .over(result)) }
            return (state.observers, state.phase)
        }
        guard let ended else { return }
        state.broadcast()
        for observer in ended.observers { observer(result) }
    }

    /// Calls `observer` once, when the call is over; at once if it is.
    func observe(_ observer: @escaping Observer) {
        let result: Result<Value, any Error>? = state.withLock { state in
            if case .over(let result) = state.phase { return result }
            state.observers.append(observer)
            return nil
        }
        if let result { observer(result) }
    }

    private func begin() -> Work? {
        state.withLock { state in
            guard case .waiting(let work, let undertaking) = state.phase else { return nil }
            state.phase = .running(undertaking)
            return work
        }
    }

    private var result: Result<Value, any Error>? {
        state.withLock { if case .over(let result) = $0.phase { result } else { nil } }
    }
}

extension ResultHandle: PoolCall {
    func run() {
        guard let work = begin() else { return }
        finish(Result { try work() })
    }

    func drop(_ error: any Error) {
        // From `begin` on nobody else can begin it; the work is let go outside the lock.
        guard begin() != nil else { return }
        finish(.failure(error))
    }
}

extension ResultHandle {
    /// Whether the call is over, well or badly.
    public var isReady: Bool { result != nil }

    /// Whether the call ended with a value.
    ///
    /// - Precondition: `isReady`; a call that is not over is neither successful nor failed.
    public var isSuccessful: Bool {
        switch result {
        case .success: true
        case .failure: false
        case nil: preconditionFailure("isSuccessful was asked of a call that is not over")
        }
    }

    /// Gives the call up.
    ///
    /// A call that has not begun never will, and ends with `CancellationError`. One that has begun on
    /// a thread goes on to its end, since a thread cannot be stopped from outside; one that has
    /// begun in a worker process ends with `CancellationError` too, its worker killed and replaced.
    public func cancel() {
        drop(CancellationError())
        let undertaking: (any Undertaking)? = state.withLock {
            if case .running(let undertaking) = $0.phase { undertaking } else { nil }
        }
        undertaking?.stop()
    }

    /// The call's value, for tasks.
    ///
    /// If the task is cancelled, so is the call: see `cancel()`.
    ///
    /// - Throws: What the call ended with.
    public var value: Value {
        get async throws {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    observe { continuation.resume(with: $0) }
                }
            } onCancel: {
                cancel()
            }
        }
    }

    /// Blocks the thread until the call is over.
    ///
    /// A thread of the pool itself does not sleep: if the call has not begun it does it here and now, so
    /// that a call may submit to its own pool and wait without a deadlock.
    @available(*, noasync, message: "blocks a thread; await value instead")
    public func wait() { _ = ended() }

    /// Blocks the thread until the call is over, at most for `timeout`.
    ///
    /// A thread of the pool itself only waits, unlike in `wait()`: the work might take longer than that.
    ///
    /// - Parameter timeout: How long; zero or less only looks.
    /// - Returns: Whether the call is over.
    @available(*, noasync, message: "blocks a thread; await value instead")
    public func wait(timeout: Duration) -> Bool { ended(within: timeout) != nil }

    /// Blocks the thread until the call is over, and gives its value.
    ///
    /// See `wait()` for what a thread of the pool itself does.
    ///
    /// - Returns: The call's value.
    /// - Throws: What the call ended with.
    @available(*, noasync, message: "blocks a thread; await value instead")
    public func get() throws -> Value { try ended().get() }

    /// Blocks the thread until the call is over, at most for `timeout`, and gives its value.
    ///
    /// A thread of the pool itself only waits, as in `wait(timeout:)`.
    ///
    /// - Parameter timeout: How long; zero or less only looks.
    /// - Returns: The call's value.
    /// - Throws: What the call ended with; `PoolError.timedOut` if it goes on.
    @available(*, noasync, message: "blocks a thread; await value instead")
    public func get(timeout: Duration) throws -> Value {
        guard let result = ended(within: timeout) else { throw PoolError.timedOut(timeout) }
        return try result.get()
    }

    private func ended() -> Result<Value, any Error> {
        if queue.isOnOwnThread { help() }
        return state.wait { if case .over(let result) = $0.phase { result } else { nil } }
    }

    private func ended(within timeout: Duration) -> Result<Value, any Error>? {
        state.wait(timeout: timeout) {
            if case .over(let result) = $0.phase { result } else { nil }
        }
    }

    private func help() {
        run()
        let undertaking: (any Undertaking)? = state.withLock {
            if case .running(let undertaking) = $0.phase { undertaking } else { nil }
        }
        undertaking?.help()
    }
}
