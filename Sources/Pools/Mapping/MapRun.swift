/// One `map`: its inputs in chunks, a few of which are submitted at any time, and its one result.
///
/// At most `width` chunks are flying; the end of one submits the next. So a long map takes turns with the
/// pool's other callers, and what it needs beyond inputs and outputs does not grow with it.
///
/// Between `start` and the end `flying` is never empty: a chunk leaves it in the same step in which its
/// successor enters. Whoever leaves it empty ends the map, exactly once.
final class MapRun<Input: Sendable, Output: Sendable>: Undertaking {
    typealias Call = ResultHandle<[Output]>

    private struct State {
        var nextChunk = 0
        var flying: [Int: Call] = [:]
        var outputs: [[Output]]
        /// The failure of the lowest chunk so far; chunks above it are of no more use.
        var failure: (chunk: Int, error: any Error)?
        var handle: Call?
    }

    private let inputs: [Input]
    private let chunkSize: Int
    private let width: Int
    private let queue: CallQueue
    private let makeCall: @Sendable (ArraySlice<Input>) -> Call
    private let state: Monitor<State>

    /// A map over the chunks of `inputs`, each done by the call that `makeCall` makes of it.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per call; `nil` for four calls a worker, as Python's pools do it.
    ///   - workers: How many calls run at a time.
    ///   - queue: Where calls are submitted.
    ///   - makeCall: Makes the call of a chunk, without submitting it.
    init(
        _ inputs: [Input],
        chunkSize: Int?,
        workers: Int,
        queue: CallQueue,
        makeCall: @escaping @Sendable (ArraySlice<Input>) -> Call
    ) {
        self.inputs = inputs
        let chunkSize = chunkSize ?? max(1, (inputs.count + 4 * workers - 1) / (4 * workers))
        precondition(chunkSize > 0, "a chunk needs at least one input, not \(chunkSize)")
        self.chunkSize = chunkSize
        width = 2 * workers
        self.queue = queue
        self.makeCall = makeCall
        let chunks = (inputs.count + chunkSize - 1) / chunkSize
        state = Monitor(State(outputs: Array(repeating: [], count: chunks)))
    }

    /// Submits the first chunks and gives the handle of the whole.
    func start() -> Call {
        let handle = Call(queue, begun: self)
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
        for _ in 0..<width {
            guard let (chunk, call) = state.withLock(takeChunk) else { break }
            fly(chunk, call)
            queue.putPart(call)
        }
        return handle
    }

    func help() {
        while let (chunk, call) = state.withLock(takeChunk) {
            fly(chunk, call)
            call.run()
        }
        // Nothing new is submitted from here on, so what is left unbegun is in the queue.
        for call in state.withLock({ $0.flying.sorted { $0.key < $1.key } }) { call.value.run() }
    }

    func stop() {
        let flying = state.withLock { state in
            state.failure = (-1, CancellationError())
            return Array(state.flying.values)
        }
        for call in flying { call.cancel() }
    }

    /// The next chunk, which counts as flying from here on.
    private func takeChunk(_ state: inout State) -> (Int, Call)? {
        guard state.failure == nil, state.nextChunk < state.outputs.count else { return nil }
        let chunk = state.nextChunk
        let start = chunk * chunkSize
        let call = makeCall(inputs[start..<min(start + chunkSize, inputs.count)])
        state.nextChunk += 1
        state.flying[chunk] = call
        return (chunk, call)
    }

    private func fly(_ chunk: Int, _ call: Call) {
        call.observe { self.ended(chunk, $0) }
    }

    private func ended(_ chunk: Int, _ result: Result<[Output], any Error>) {
        var next: (Int, Call)?
        var useless: [Call] = []
        let handle: Call? = state.withLock { state in
            state.flying[chunk] = nil
            switch result {
            case .success(let outputs): state.outputs[chunk] = outputs
            case .failure(let error) where chunk < state.failure?.chunk ?? Int.max:
                state.failure = (chunk, error)
                useless = state.flying.filter { $0.key > chunk }.map(\.value)
            case .failure: break
            }
            next = takeChunk(&state)
            return state.flying.isEmpty ? state.handle.take() : nil
        }
        for call in useless { call.drop(CancellationError()) }
        if let (chunk, call) = next {
            fly(chunk, call)
            queue.putPart(call)
        }
        if let handle { end(handle, outcome()) }
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

    private func end(_ handle: Call, _ result: Result<[Output], any Error>) {
        handle.finish(result)
        queue.endUndertaking()
    }
}
