/// One of the few entries with which a map or imap stands in its pool's queue.
///
/// It does chunk after chunk as long as nobody else waits for a thread, and takes its place at the end of
/// the queue otherwise. So a long map takes turns with the pool's other callers.
final class ChunkPart<Source: ChunkSource>: PoolCall {
    private let source: Source
    private let number: Int
    private let queue: CallQueue

    /// The part that uses the source's performer of that number.
    init(_ source: Source, number: Int, queue: CallQueue) {
        self.source = source
        self.number = number
        self.queue = queue
    }

    func run() {
        repeat {
            var hasBegun = false
            var isWaitedFor = false
            source.performers[number].run { ended, takesNext in
                // The first chunk is this turn's, whoever waits.
                isWaitedFor = hasBegun && (isWaitedFor || !queue.isQuiet)
                hasBegun = true
                return source.advance(ended, takesNext: takesNext && !isWaitedFor)
            }
            if isWaitedFor { return queue.putPart(self) }
        } while !source.mayLeave(number)
    }

    func drop(_ error: any Error) { source.drop(error) }
}
