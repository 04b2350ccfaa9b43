/// One iteration over an `imap`: reads inputs as they are needed, and keeps a bounded number of chunks ahead.
///
/// Its iterator alone owns it; chunks know it weakly. So an iteration that is left early lets it go, and
/// with it what has not begun.
final class ImapRun<Input: Sendable, Output: Sendable>: Sendable {
    typealias Call = ResultHandle<[Output]>
    typealias Outcome = Result<[Output], any Error>

    private struct State {
        /// Gives the next input; `nil` once there are no more, or no more are wanted.
        var read: (@Sendable () -> Input?)?
        /// Whether inputs were left unread.
        var isCutShort = false
        var nextIn = 0
        var nextOut = 0
        var flying: [Int: Call] = [:]
        /// Outcomes by their turn: that of their inputs, or that in which they came.
        var finished: [Int: Outcome] = [:]
        var finishedCount = 0
        var waiting: CheckedContinuation<Outcome?, Never>?
        var isUndertaking: Bool
    }

    private let plan: ImapPlan<Input, Output>
    private let state: Monitor<State>

    /// An iteration over the inputs that `read` gives, one after the other.
    ///
    /// - Throws: `PoolError` if the pool takes no more calls.
    init(
        _ plan: ImapPlan<Input, Output>,
        read: @escaping @Sendable () -> Input?
    ) throws(PoolError) {
        try plan.queue.beginUndertaking()
        self.plan = plan
        state = Monitor(State(read: read, isUndertaking: true))
    }

    deinit {
        stop()
        endUndertaking()
    }

    /// The outputs of the next chunk; `nil` after the last.
    func next() async throws -> [Output]? {
        fill()
        // What is ready needs no suspension.
        if !Task.isCancelled, let outcome = state.withLock({ take(&$0) }) {
            return try give(outcome)
        }
        return try give(await awaited())
    }

    private func awaited() async -> Outcome? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome: Outcome?? = state.withLock { state in
                    precondition(state.waiting == nil, "two tasks share one iterator of an imap")
                    if let outcome = take(&state) { return .some(outcome) }
                    if state.flying.isEmpty, state.finished.isEmpty {
                        // An iteration cut short must not look like one that came to its end.
                        return .some(state.isCutShort ? .failure(CancellationError()) : nil)
                    }
                    state.waiting = continuation
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            stop()
        }
    }

    private func give(_ outcome: Outcome?) throws -> [Output]? {
        switch outcome {
        case .success(let outputs): return outputs
        case .failure(let error):
            stop()
            endUndertaking()
            throw error
        case nil:
            endUndertaking()
            return nil
        }
    }

    /// Submits chunks until `readAhead` of them have not been taken, once there is room for a fourth of that.
    ///
    /// So the pool's threads get several at a time, and are not woken for each. Inputs are read outside
    /// the lock: they may be slow to come, and threads that finish must not wait.
    private func fill() {
        let room = plan.readAhead - state.withLock { untaken($0) }
        guard room >= max(1, plan.readAhead / 4) else { return }
        while let read = state.withLock({ untaken($0) < plan.readAhead ? $0.read : nil }) {
            var chunk: [Input] = []
            while chunk.count < plan.chunkSize, let input = read() { chunk.append(input) }
            let isLast = chunk.count < plan.chunkSize
            let started: (Int, Call)? = state.withLock { state in
                guard state.read != nil else { return nil }
                if isLast { state.read = nil }
                guard !chunk.isEmpty else { return nil }
                let number = state.nextIn
                let call = plan.makeCall(chunk[...])
                state.nextIn += 1
                state.flying[number] = call
                return (number, call)
            }
            guard let (number, call) = started else { return }
            call.observe { [weak self] in self?.ended(number, $0) }
            plan.queue.putPart(call)
        }
    }

    private func untaken(_ state: State) -> Int { state.flying.count + state.finished.count }

    private func take(_ state: inout State) -> Outcome? {
        guard let outcome = state.finished.removeValue(forKey: state.nextOut) else { return nil }
        state.nextOut += 1
        return outcome
    }

    private func ended(_ number: Int, _ outcome: Outcome) {
        let resumption: (CheckedContinuation<Outcome?, Never>, Outcome)? = state.withLock { state in
            state.flying[number] = nil
            state.finished[plan.isOrdered ? number : state.finishedCount] = outcome
            state.finishedCount += 1
            guard let waiting = state.waiting, let outcome = take(&state) else { return nil }
            state.waiting = nil
            return (waiting, outcome)
        }
        if let (waiting, outcome) = resumption { waiting.resume(returning: outcome) }
    }

    /// Reads no more and gives up what has not been taken.
    private func stop() {
        let flying = state.withLock { state in
            if state.read != nil { state.isCutShort = true }
            state.read = nil
            return Array(state.flying.values)
        }
        for call in flying { call.cancel() }
    }

    private func endUndertaking() {
        let ends = state.withLock { state in
            defer { state.isUndertaking = false }
            return state.isUndertaking
        }
        if ends { plan.queue.endUndertaking() }
    }
}
