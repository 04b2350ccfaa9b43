/// The chunks of one iteration over an `imap`, from their inputs to their outputs.
final class ImapChunks<Input: Sendable, Output: Sendable>: ChunkSource {
    private typealias Outcome = Result<[Output]?, any Error>

    private struct State {
        var waiting = RingBuffer<[Input]>()
        /// Chunks that have begun and are not over.
        var running = 0
        /// Results by their turn: that of their inputs, or that in which they came.
        var finished: [Int: Result<[Output], any Error>] = [:]
        /// Chunks that the consumer has, but has not come back from.
        var held = 0
        var nextBegun = 0
        var nextFinished = 0
        var nextTaken = 0
        /// Parts that are not at work.
        var idle: [Int]
        var areAllPut = false
        /// Whether chunks were left undone.
        var isCutShort = false
        var consumer: CheckedContinuation<Outcome, Never>?
        var isUndertaking = true

        var untaken: Int { waiting.count + running + finished.count + held }
    }

    let performers: [ChunkPerformer<Input, Output>]
    private let plan: ImapPlan<Input, Output>
    private let state: Monitor<State>

    init(_ plan: ImapPlan<Input, Output>) {
        self.plan = plan
        performers = (0..<plan.workers).map { _ in plan.makePerformer() }
        state = Monitor(State(idle: Array(performers.indices)))
    }

    // MARK: The consumer's side

    /// How many chunks may be put, now that the consumer is through with those that it held: none until
    /// there is room for a fourth of what may be ahead.
    func room() -> Int {
        state.withLock { state in
            state.held = 0
            guard !state.areAllPut else { return 0 }
            let room = plan.readAhead - state.untaken
            return room >= max(1, plan.readAhead / 4) ? room : 0
        }
    }

    /// Hands chunks to the parts.
    func put(_ chunks: [[Input]], areLast: Bool) {
        let woken: [Int] = state.withLock { state in
            guard !state.areAllPut else { return [] }
            state.areAllPut = areLast
            for chunk in chunks { state.waiting.append(chunk) }
            let count = min(state.idle.count, state.waiting.count)
            defer { state.idle.removeLast(count) }
            return Array(state.idle.suffix(count))
        }
        for number in woken {
            plan.queue.putPart(ChunkPart(self, number: number, queue: plan.queue))
        }
    }

    /// The outputs of the chunks whose turn it is, as many as are there; `nil` after the last.
    ///
    /// - Throws: The error of the chunk whose turn it is; `CancellationError` after `stop`.
    func next() async throws -> [Output]? {
        let ready = state.withLock { Task.isCancelled ? nil : take(&$0) }
        // What is ready needs no suspension.
        if let ready { return try ready.get() }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state in
                    precondition(state.consumer == nil, "two tasks share one iterator of an imap")
                    let outcome = take(&state)
                    if outcome == nil { state.consumer = continuation }
                    return outcome
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            stop()
        }.get()
    }

    /// What the consumer gets now; `nil` if it has to wait.
    ///
    /// Not more than half of what may be ahead: the parts go on while the consumer is at it.
    private func take(_ state: inout State) -> Outcome? {
        var outputs: [Output]?
        var count = 0
        while count < max(1, plan.readAhead / 2),
            case .success(let chunk)? = state.finished[state.nextTaken]
        {
            if outputs == nil { outputs = chunk } else { outputs?.append(contentsOf: chunk) }
            state.finished[state.nextTaken] = nil
            state.nextTaken += 1
            count += 1
        }
        state.held = count
        if let outputs { return .success(outputs) }
        if case .failure(let error)? = state.finished[state.nextTaken] { return .failure(error) }
        guard state.running == 0, state.waiting.isEmpty, state.finished.isEmpty else { return nil }
        // An iteration cut short must not look like one that came to its end.
        return state.isCutShort ? .failure(CancellationError()) : .success(nil)
    }

    /// Gives up what has not begun, and as far as possible what has.
    func stop() {
        end { _ in }
        for performer in performers { performer.stop() }
    }

    // MARK: The parts' side

    func advance(_ ended: Ended?, takesNext: Bool) -> Chunk? {
        var resumption: (CheckedContinuation<Outcome, Never>, Outcome)?
        let next: Chunk? = state.withLock { state in
            if let (chunk, result) = ended {
                state.running -= 1
                state.finished[plan.isOrdered ? chunk : state.nextFinished] = result
                state.nextFinished += 1
                resumption = resume(&state)
            }
            guard takesNext, let inputs = state.waiting.popFirst() else { return nil }
            defer { state.nextBegun += 1 }
            state.running += 1
            return (state.nextBegun, inputs[...])
        }
        if let (consumer, outcome) = resumption { consumer.resume(returning: outcome) }
        return next
    }

    func mayLeave(_ part: Int) -> Bool {
        state.withLock { state in
            if state.waiting.isEmpty { state.idle.append(part) }
            return state.waiting.isEmpty
        }
    }

    func drop(_ error: any Error) {
        end { state in
            let turn = plan.isOrdered ? state.nextBegun : state.nextFinished
            state.finished[turn] = .failure(error)
            state.nextFinished += 1
        }
    }

    /// Begins no more chunks; `close` notes why, if some are left undone.
    private func end(_ close: (inout State) -> Void) {
        let (resumption, dropped) = state.withLock { state in
            // Let go outside the lock: the deinit of an input may be anyone's code.
            let dropped = state.waiting
            state.waiting = RingBuffer()
            if !state.areAllPut || !dropped.isEmpty {
                state.isCutShort = true
                close(&state)
            }
            state.areAllPut = true
            return (resume(&state), dropped)
        }
        withExtendedLifetime(dropped) {}
        if let (consumer, outcome) = resumption { consumer.resume(returning: outcome) }
    }

    private func resume(
        _ state: inout State
    ) -> (CheckedContinuation<Outcome, Never>, Outcome)? {
        guard state.consumer != nil, let outcome = take(&state) else { return nil }
        return state.consumer.take().map { ($0, outcome) }
    }

    /// Ends what `ImapRun` began; once.
    func endUndertaking() {
        let ends = state.withLock { state in
            defer { state.isUndertaking = false }
            return state.isUndertaking
        }
        if ends { plan.queue.endUndertaking() }
    }
}
