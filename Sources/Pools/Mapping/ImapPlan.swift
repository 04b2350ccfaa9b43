/// How an `imap` is done, whatever its inputs.
@usableFromInline
struct ImapPlan<Input: Sendable, Output: Sendable>: Sendable {
    let queue: CallQueue
    /// Chunks that are done at a time.
    let workers: Int
    /// Inputs per chunk.
    @usableFromInline
    let chunkSize: Int
    /// Chunks that may be submitted and not yet consumed.
    let readAhead: Int
    /// Whether outputs come in the order of their inputs, or as they are ready.
    let isOrdered: Bool
    /// Makes what a part does its chunks with.
    let makePerformer: @Sendable () -> ChunkPerformer<Input, Output>

    /// A plan for a pool of so many workers.
    ///
    /// Without a `readAhead` it is four chunks a worker: two that it does and has next, two for the consumer.
    init(
        _ queue: CallQueue,
        workers: Int,
        chunkSize: Int,
        readAhead: Int?,
        isOrdered: Bool,
        makePerformer: @escaping @Sendable () -> ChunkPerformer<Input, Output>
    ) {
        let readAhead = readAhead ?? 4 * workers
        precondition(chunkSize > 0, "a chunk needs at least one input, not \(chunkSize)")
        precondition(readAhead > 0, "imap needs at least one chunk ahead, not \(readAhead)")
        self.queue = queue
        self.workers = workers
        self.chunkSize = chunkSize
        self.readAhead = readAhead
        self.isOrdered = isOrdered
        self.makePerformer = makePerformer
    }

    @usableFromInline
    func begin() throws(PoolError) -> ImapRun<Input, Output> { try ImapRun(self) }
}
