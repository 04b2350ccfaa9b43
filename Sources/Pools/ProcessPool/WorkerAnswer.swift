/// What a worker says to a call: one byte that tells which, then its content.
enum WorkerAnswer: UInt8 {
    /// The values, one after the other.
    case values
    /// The type and the description of the error that the function threw.
    case failure
    /// The number of bytes that the values would have taken.
    case tooLarge

    /// Reads an answer.
    ///
    /// - Throws: What the answer tells; `DecodingError` or `WireError` if it is no answer.
    static func read<Argument, Output>(
        _ message: [UInt8],
        of function: WorkFunction<Argument, Output>,
        count: Int
    ) throws -> [Output] {
        var reader = WireReader(message[...])
        switch WorkerAnswer(rawValue: try reader.raw()) {
        case .values: return try WireDecoder.readAll(count, from: &reader)
        case .failure:
            throw PoolError.workFailed(
                function: function.name,
                type: try reader.key(),
                message: try reader.key()
            )
        case .tooLarge: throw PoolError.messageTooLarge(bytes: Int(try reader.raw(UInt64.self)))
        case nil: throw WireError.malformed
        }
    }

    /// Does the function with each argument of a call, and writes the answer.
    static func answer<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ arguments: inout WireReader,
        count: Int
    ) -> WireWriter {
        let values = begin(.values)
        do {
            let all: [Argument] = try WireDecoder.readAll(count, from: &arguments)
            try WireEncoder.writeAll(all.map(function.body), to: values)
        } catch {
            let failure = begin(.failure)
            failure.key(String(reflecting: type(of: error)))
            failure.key(String(describing: error))
            return failure
        }
        let size = values.bytes.count - FrameSocket.headerSize
        guard size > FrameSocket.maximum else { return values }
        let tooLarge = begin(.tooLarge)
        tooLarge.raw(UInt64(size))
        return tooLarge
    }

    private static func begin(_ answer: WorkerAnswer) -> WireWriter {
        let writer = WireWriter(reserved: FrameSocket.headerSize)
        writer.raw(answer.rawValue)
        return writer
    }
}
