/// Work in chunks, which parts take one after the other.
///
/// A chunk costs one step under the source's lock and no call of its own; so even chunks of one input are
/// cheap.
protocol ChunkSource: AnyObject, Sendable {
    associatedtype Input: Sendable
    associatedtype Output: Sendable
    typealias Chunk = ChunkPerformer<Input, Output>.Chunk
    typealias Ended = ChunkPerformer<Input, Output>.Ended

    /// One for each part that may be at work at the same time.
    var performers: [ChunkPerformer<Input, Output>] { get }

    /// Records a chunk that is over, and begins the next.
    ///
    /// - Parameters:
    ///   - ended: What was done, if anything.
    ///   - takesNext: Whether another chunk is to begin.
    /// - Returns: The next chunk; `nil` if there is none now.
    func advance(_ ended: Ended?, takesNext: Bool) -> Chunk?

    /// Whether a part that found no chunk is over; if not, there is one meanwhile.
    func mayLeave(_ part: Int) -> Bool

    /// The pool does no more for a part: what has not begun never will.
    func drop(_ error: any Error)
}
