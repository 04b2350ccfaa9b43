import Synchronization

/// A value under a lock, and tasks that wait until it is as they want it.
final class Watched<Value: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var lastID = 0
    }

    private let state: Mutex<State>

    init(_ value: Value) { state = Mutex(State(value: value)) }

    /// A copy of the value.
    var value: Value { state.withLock { $0.value } }

    /// Looks at the value without copying it.
    func read<Result: Sendable>(_ body: (Value) -> Result) -> Result {
        state.withLock { body($0.value) }
    }

    /// Changes the value and wakes whoever waited for that.
    func update<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        let (result, woken) = state.withLock { state in
            let result = body(&state.value)
            let value = state.value
            let woken = state.waiters.filter { $0.value.condition(value) }
            for id in woken.keys { state.waiters[id] = nil }
            return (result, woken)
        }
        for waiter in woken.values { waiter.continuation.resume() }
        return result
    }

    /// Waits until the condition holds, be it for a moment.
    ///
    /// - Throws: `CancellationError`.
    func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                register(Waiter(condition: condition, continuation: continuation), as: id)
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Resumes at once or keeps the waiter.
    ///
    /// The task is marked as cancelled before its handler asks for the lock: so either the mark is
    /// seen here, or the handler finds the waiter.
    private func register(_ waiter: Waiter, as id: Int) {
        let result: Result<Void, any Error>? = state.withLock { state in
            if waiter.condition(state.value) { return .success(()) }
            if Task.isCancelled { return .failure(CancellationError()) }
            state.waiters[id] = waiter
            return nil
        }
        if let result { waiter.continuation.resume(with: result) }
    }
}
