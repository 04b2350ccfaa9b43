/// A call for a worker process, or one part of a map, and the way to stop it.
final class ProcessCall: Undertaking {
    private struct State {
        var worker: WorkerProcess?
        var isStopped = false
    }

    let slots: WorkerSlots
    /// Called when a worker is missing that nobody waits for yet.
    let replace: @Sendable () -> Void
    private let state = Monitor(State())

    init(_ slots: WorkerSlots, replace: @escaping @Sendable () -> Void) {
        self.slots = slots
        self.replace = replace
    }

    /// Threads of the pool belong to it alone, so none of them ever waits for a call.
    func help() {}

    func stop() {
        // Under the lock, so that the worker is not given back and asked for somebody else's call meanwhile.
        state.withLock { state in
            state.isStopped = true
            state.worker?.kill()
        }
    }

    /// Has a worker do the function with each of the arguments.
    ///
    /// - Throws: `PoolError`; `CancellationError` if the call was stopped; `EncodingError` and
    ///   `DecodingError` if argument or value cannot travel.
    func run<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ arguments: some Collection<Argument>
    ) throws -> [Output] {
        let frame = try Self.frame(arguments)
        let answer = try exchange(frame, function.name) { worker in
            if !slots.giveBack(worker) { replace() }
        }
        return try WorkerAnswer.read(answer, of: function, count: arguments.count)
    }

    /// The message that asks for a call; the number of the function is still missing.
    static func frame<Argument: Encodable>(
        _ arguments: some Collection<Argument>
    ) throws -> WireWriter {
        let frame = WireWriter(reserved: FrameSocket.headerSize)
        frame.raw(UInt32(0))
        frame.raw(UInt32(arguments.count))
        try WireEncoder.writeAll(Array(arguments), to: frame)
        let size = frame.bytes.count - FrameSocket.headerSize
        guard size <= FrameSocket.maximum else { throw PoolError.messageTooLarge(bytes: size) }
        return frame
    }

    /// Sends the frame to a worker; to another one if it was dead before it had read the call.
    ///
    /// A worker that has answered and goes on is left to `keep`.
    func exchange(
        _ frame: WireWriter,
        _ function: String,
        keep: (WorkerProcess) -> Void
    ) throws -> [UInt8] {
        var attempts = 3
        while true {
            let worker = try slots.take()
            guard let number = worker.functions[function] else {
                slots.giveBack(worker)
                throw PoolError.unknownFunction(function)
            }
            frame.patch(number, at: FrameSocket.headerSize)
            attempts -= 1
            let answer = try attend(worker) { worker.exchange(frame) }
            switch answer {
            case .message(let message):
                keep(worker)
                return message
            case .lastWord(let message):
                strikeOff(worker)
                return message
            case .neverBegun where attempts > 0 && !slots.isTerminated && !isStopped:
                slots.strikeOff(worker)
            case .died(let ending), .neverBegun(let ending):
                strikeOff(worker)
                throw error(of: ending)
            }
        }
    }

    /// What a call ends with whose worker ended.
    func error(of ending: WorkerEnding) -> any Error {
        if isStopped { return CancellationError() }
        return slots.isTerminated ? slots.termination : PoolError.workerDied(ending)
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Strikes off a worker that is dead, and has another one started.
    func strikeOff(_ worker: WorkerProcess) {
        slots.strikeOff(worker)
        replace()
    }

    /// An exchange with a worker that `stop` can end.
    func attend(
        _ worker: WorkerProcess,
        _ exchange: () -> WorkerProcess.Answer
    ) throws -> WorkerProcess.Answer {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.worker = worker }
            return state.isStopped
        }
        if isStopped {
            slots.giveBack(worker)
            throw CancellationError()
        }
        let answer = exchange()
        let wasKilled = state.withLock { state in
            state.worker = nil
            return state.isStopped
        }
        guard wasKilled, case .message(let message) = answer else { return answer }
        // It has answered and may not know yet that it is dead; the next call must not find out.
        worker.discard()
        return .lastWord(message)
    }
}
