/// One iteration over an `imap`: keeps a bounded number of chunks ahead of its consumer.
///
/// The consumer's iterator alone owns it. So an iteration that is left early lets it go, and with it what has
/// not begun.
@usableFromInline
final class ImapRun<Input: Sendable, Output: Sendable>: Sendable {
    private let chunks: ImapChunks<Input, Output>

    /// An iteration whose inputs are to be `put`.
    ///
    /// - Throws: `PoolError` if the pool takes no more calls.
    init(_ plan: ImapPlan<Input, Output>) throws(PoolError) {
        try plan.queue.beginUndertaking()
        chunks = ImapChunks(plan)
    }

    deinit {
        chunks.stop()
        chunks.endUndertaking()
    }

    /// How many chunks there is room for: none until it is worth while.
    @usableFromInline
    func room() -> Int { chunks.room() }

    /// Submits chunks, at most as many as there is room for.
    @usableFromInline
    func put(_ chunks: [[Input]], areLast: Bool) { self.chunks.put(chunks, areLast: areLast) }

    /// The outputs of the next chunks; `nil` after the last.
    @usableFromInline
    func next() async throws -> [Output]? {
        do {
            guard let outputs = try await chunks.next() else {
                chunks.endUndertaking()
                return nil
            }
            return outputs
        } catch {
            chunks.stop()
            chunks.endUndertaking()
            throw error
        }
    }
}
