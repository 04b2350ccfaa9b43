/// The calls that a worker was sent and has not answered, in their order.
private struct Flights {
    private var calls = RingBuffer<(number: Int, count: Int, bytes: Int)>()
    private var bytes = 0

    /// Calls that a worker has at most: the one that it does, and enough that it need not wait for the next.
    private static var callsMax: Int { 4 }
    /// What any system's sockets hold.
    ///
    /// With more, pool and worker might both wait for the other to read.
    private static var bytesMax: Int { 4096 }

    func hasRoom(for frame: WireWriter) -> Bool {
        calls.isEmpty
            || calls.count < Self.callsMax && bytes + frame.bytes.count <= Self.bytesMax
    }

    mutating func append(_ number: Int, count: Int, _ frame: WireWriter) {
        calls.append((number, count, frame.bytes.count))
        bytes += frame.bytes.count
    }

    mutating func popFirst() -> (number: Int, count: Int)? {
        guard let call = calls.popFirst() else { return nil }
        bytes -= call.bytes
        return (call.number, call.count)
    }
}

extension ProcessCall {
    /// How soon a worker answers that gets calls ahead.
    ///
    /// One that takes longer does not need them, and they would wait while other workers have nothing to do.
    private static var quick: Duration { .milliseconds(1) }

    /// Has workers do chunks until none is left.
    func run<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ step: ChunkPerformer<Argument, Output>.Step
    ) {
        let clock = ContinuousClock()
        var chunk = step(nil, true)
        while let (number, inputs) = chunk {
            var kept: WorkerProcess?
            let start = clock.now
            // Alone, so that a worker that has died while it was idle is replaced and the call is not lost.
            let result = Result {
                let answer = try exchange(Self.frame(inputs), function.name) { worker in
                    let isQuick = clock.now - start < Self.quick
                    if isQuick, slots.maxTasksPerWorker == nil {
                        kept = worker
                    } else if !slots.giveBack(worker) {
                        replace()
                    }
                }
                return try WorkerAnswer.read(answer, of: function, count: inputs.count)
            }
            chunk = step((number, result), kept == nil)
            if let kept {
                stream(function, to: kept, step)
                chunk = step(nil, true)
            }
        }
    }
}

// Several calls under way.
extension ProcessCall {
    private typealias Prepared = (number: Int, count: Int, frame: WireWriter)

    /// Has a worker do chunks as long as it is quick, and sends some before it has answered those before.
    ///
    /// Answers come in the order of calls, so when a worker dies it was doing the first that is not answered.
    /// That one fails with `workerDied`, which ends the map, and those behind it with it.
    private func stream<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        to worker: WorkerProcess,
        _ step: ChunkPerformer<Argument, Output>.Step
    ) {
        guard let functionNumber = worker.functions[function.name] else {
            preconditionFailure("a worker forgot the function that it has done")
        }
        let clock = ContinuousClock()
        let last = try? attend(worker) {
            var flights = Flights()
            var answer = WorkerProcess.Answer.message([])
            var next = prepare(step, after: nil, takesNext: true)
            while true {
                while let (number, count, frame) = next, flights.hasRoom(for: frame) {
                    frame.patch(functionNumber, at: FrameSocket.headerSize)
                    worker.send(frame)
                    flights.append(number, count: count, frame)
                    next = prepare(step, after: nil, takesNext: true)
                }
                guard let flight = flights.popFirst() else { return answer }
                let start = clock.now
                answer = worker.receive()
                let isQuick = clock.now - start < Self.quick
                switch answer {
                case .message(let message), .lastWord(let message):
                    let result = Result {
                        try WorkerAnswer.read(message, of: function, count: flight.count)
                    }
                    let ended = (flight.number, result)
                    if next == nil {
                        next = prepare(step, after: ended, takesNext: isQuick)
                    } else {
                        _ = step(ended, false)
                    }
                case .died(let ending), .neverBegun(let ending):
                    _ = step((flight.number, .failure(error(of: ending))), false)
                    while let flight = flights.popFirst() {
                        _ = step((flight.number, .failure(CancellationError())), false)
                    }
                    if let next { _ = step((next.number, .failure(CancellationError())), false) }
                    return answer
                }
            }
        }
        switch last {
        case .message: slots.giveBack(worker)
        case .lastWord, .died, .neverBegun: strikeOff(worker)
        case nil: break
        }
    }

    /// The next chunk that can travel, as a message.
    private func prepare<Argument: Encodable, Output>(
        _ step: ChunkPerformer<Argument, Output>.Step,
        after ended: ChunkPerformer<Argument, Output>.Ended?,
        takesNext: Bool
    ) -> Prepared? {
        var ended = ended
        while let (number, inputs) = step(ended, takesNext) {
            do {
                return (number, inputs.count, try Self.frame(inputs))
            } catch {
                ended = (number, .failure(error))
            }
        }
        return nil
    }
}
