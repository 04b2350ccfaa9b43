/// One `map`: its inputs in chunks, the parts that do them, and its one result.
///
/// Chunks begin in their order, so when one has failed all before it have begun, and the first failing input
/// is known once they are over.
final class MapRun<Input: Sendable, Output: Sendable>: Undertaking, ChunkSource {
    typealias Handle = ResultHandle<[Output]>

    private struct State {
        var nextChunk = 0
        /// Chunks that have begun and are not over.
        var running = 0
        var outputs: [[Output]]
        /// The failure of the lowest chunk so far; chunks above it are of no more use.
        var failure: (chunk: Int, error: any Error)?
        /// Until the map is over.
        var handle: Handle?
    }

    let performers: [ChunkPerformer<Input, Output>]
    private let inputs: [Input]
    private let chunkSize: Int
    private let queue: CallQueue
    private let state: Monitor<State>

    /// A map over the chunks of `inputs`.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per chunk; `nil` for four chunks a worker, as Python's pools do it.
    ///   - workers: How many chunks are done at a time.
    ///   - queue: Where the parts are submitted.
    ///   - makePerformer: Makes what a part does its chunks with.
    init(
        _ inputs: [Input],
        chunkSize: Int?,
        workers: Int,
        queue: CallQueue,
        makePerformer: () -> ChunkPerformer<Input, Output>
    ) {
        self.inputs = inputs
        let chunkSize = chunkSize ?? max(1, (inputs.count + 4 * workers - 1) / (4 * workers))
        precondition(chunkSize > 0, "a chunk needs at least one input, not \(chunkSize)")
        self.chunkSize = chunkSize
        self.queue = queue
        let chunks = (inputs.count + chunkSize - 1) / chunkSize
        performers = (0..<min(workers, chunks)).map { _ in makePerformer() }
        state = Monitor(State(outputs: Array(repeating: [], count: chunks)))
    }

    /// Submits the parts and gives the handle of the whole.
    func start() -> Handle {
        let handle = Handle(queue, begun: self)
        do {
            try queue.beginUndertaking()
        } catch {
            handle.finish(.failure(error))
            return handle
        }
        guard !inputs.isEmpty else {
            end(handle, .success([]))
            return handle
        }
        state.withLock { $0.handle = handle }
        for number in performers.indices {
            queue.putPart(ChunkPart(self, number: number, queue: queue))
        }
        return handle
    }

    func help() {
        // Only threads help, and any number of them may use one performer of theirs.
        performers[0].run { advance($0, takesNext: $1) }
    }

    func stop() {
        // Whatever failed before, the caller has given the map up.
        fail(CancellationError()) { _ in -1 }
        for performer in performers { performer.stop() }
    }

    func drop(_ error: any Error) {
        fail(error) { state in state.nextChunk < state.outputs.count ? state.nextChunk : nil }
    }

    /// Begins no more chunks; `error` is that of the chunk that `place` gives.
    private func fail(_ error: any Error, at place: (State) -> Int?) {
        let over: Handle? = state.withLock { state in
            if let chunk = place(state), chunk < state.failure?.chunk ?? Int.max {
                state.failure = (chunk, error)
            }
            return takeHandleIfOver(&state)
        }
        if let over { end(over, outcome()) }
    }

    func mayLeave(_ part: Int) -> Bool { true }

    func advance(_ ended: Ended?, takesNext: Bool) -> Chunk? {
        let (next, over): (Chunk?, Handle?) = state.withLock { state in
            if let (chunk, result) = ended {
                state.running -= 1
                switch result {
                case .success(let outputs): state.outputs[chunk] = outputs
                case .failure(let error) where chunk < state.failure?.chunk ?? Int.max:
                    state.failure = (chunk, error)
                case .failure: break
                }
            }
            return (takesNext ? begin(&state) : nil, takeHandleIfOver(&state))
        }
        if let over { end(over, outcome()) }
        return next
    }

    private func begin(_ state: inout State) -> Chunk? {
        guard state.failure == nil, state.nextChunk < state.outputs.count else { return nil }
        let chunk = state.nextChunk
        let start = chunk * chunkSize
        state.nextChunk += 1
        state.running += 1
        return (chunk, inputs[start..<min(start + chunkSize, inputs.count)])
    }

    private func takeHandleIfOver(_ state: inout State) -> Handle? {
        let isAllBegun = state.failure != nil || state.nextChunk == state.outputs.count
        return isAllBegun && state.running == 0 ? state.handle.take() : nil
    }

    private func outcome() -> Result<[Output], any Error> {
        let (outputs, failure) = state.withLock { state in
            defer { state.outputs = [] }
            return (state.outputs, state.failure)
        }
        if let failure { return .failure(failure.error) }
        if outputs.count == 1 { return .success(outputs[0]) }
        var all: [Output] = []
        all.reserveCapacity(inputs.count)
        for chunk in outputs { all += chunk }
        return .success(all)
    }

    private func end(_ handle: Handle, _ result: Result<[Output], any Error>) {
        handle.finish(result)
        queue.endUndertaking()
    }
}
