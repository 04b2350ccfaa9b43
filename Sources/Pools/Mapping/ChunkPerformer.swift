/// What does the chunks of one part of a map or imap.
struct ChunkPerformer<Input: Sendable, Output: Sendable>: Sendable {
    /// A chunk, and its place among all.
    typealias Chunk = (number: Int, inputs: ArraySlice<Input>)
    /// A chunk that is over.
    typealias Ended = (number: Int, result: Result<[Output], any Error>)
    /// Takes note of a chunk that is over, and gives the next if one is wanted and there is one.
    typealias Step = (_ ended: Ended?, _ takesNext: Bool) -> Chunk?

    /// Asks for chunks and does them until none is left, and all that it took are over.
    let run: @Sendable (Step) -> Void
    /// Ends what it is doing, as far as that is possible, and does nothing more.
    let stop: @Sendable () -> Void
}

extension ChunkPerformer {
    /// Does one chunk after the other on the calling thread.
    init(_ transform: @escaping @Sendable (ArraySlice<Input>) throws -> [Output]) {
        run = { step in
            var chunk = step(nil, true)
            while let begun = chunk {
                chunk = step((begun.number, Result { try transform(begun.inputs) }), true)
            }
        }
        stop = {}
    }
}
