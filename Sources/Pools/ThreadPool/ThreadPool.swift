/// A fixed number of threads for work that blocks or computes, off Swift's cooperative threads.
///
/// Calls begin in the order in which they were submitted, whoever submitted them. Calls of a `map` are
/// submitted a few at a time, so that a long one does not keep later callers waiting for its end.
///
/// A call may submit to its own pool and wait for the result: the waiting thread then does that work
/// itself if no other has begun it, so no number of threads is too small (see `ResultHandle.wait()`).
///
/// A pool that is let go is closed: what it accepted is done, then its threads end.
public final class ThreadPool: Sendable {
    /// How many threads the pool has.
    public let threads: Int
    /// What the threads are called, each with its number.
    public let name: String

    let queue: CallQueue

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: How many, at least 1.
    ///   - name: What debuggers and errors call them; Linux shows 15 bytes, number included.
    /// - Throws: `PoolError.noThread` if the system does not give that many; none is left behind.
    public convenience init(threads: Int, name: String = "pool") throws(PoolError) {
        try self.init(threads: threads, name: name, atEnd: {})
    }

    /// A pool each of whose threads does something last, before it counts as ended.
    init(
        threads: Int,
        name: String,
        atEnd: @escaping @Sendable () -> Void
    ) throws(PoolError) {
        precondition(threads > 0, "a pool needs at least one thread, not \(threads)")
        self.threads = threads
        self.name = name
        let queue = CallQueue(name: name)
        self.queue = queue
        for number in 1...threads {
            queue.threadStarts()
            do {
                try PoolThread.start("\(name)-\(number)") { queue.serve(atEnd: atEnd) }
            } catch {
                queue.threadFailed()
                queue.close()
                throw error
            }
        }
    }

    deinit { queue.close() }

    /// Submits a call and returns at once.
    ///
    /// - Parameter work: What a thread of the pool does.
    /// - Returns: The call's handle; it ends with `PoolError.closed` if the pool takes no more calls.
    public func applyAsync<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) -> ResultHandle<Value> {
        let call = ResultHandle(queue, work)
        queue.put(call)
        return call
    }

    /// Does a call on a thread of the pool and blocks the calling thread until it is over.
    ///
    /// - Parameter work: What a thread of the pool does.
    /// - Returns: Its value.
    /// - Throws: What `work` threw; `PoolError` if the pool is closed or terminated.
    @available(*, noasync, message: "blocks a thread; await apply instead")
    public func apply<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) throws -> Value {
        try applyAsync(work).get()
    }

    /// Does a call on a thread of the pool while the calling task is suspended.
    ///
    /// - Parameter work: What a thread of the pool does.
    /// - Returns: Its value.
    /// - Throws: What `work` threw; `CancellationError` if the task was cancelled before it began;
    ///   `PoolError` if the pool is closed or terminated.
    public func apply<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await applyAsync(work).value
    }

    /// Takes no more calls; what was accepted is done, then the threads end.
    ///
    /// An iteration over `imap` that has begun was accepted: the threads stay until it is over or let go.
    public func close() { queue.close() }

    /// Takes no more calls and drops those that have not begun, which end with `PoolError.terminated`.
    ///
    /// Calls that have begun go on to their end, since a thread cannot be stopped from outside.
    public func terminate() { queue.terminate() }

    /// Blocks the thread until every thread of the pool has ended.
    ///
    /// - Precondition: `close()` or `terminate()` was called, and this is no thread of the pool.
    @available(*, noasync, message: "blocks a thread; await join() instead")
    public func join() { queue.join() }

    /// Suspends the task until every thread of the pool has ended.
    ///
    /// - Precondition: As `join()` for threads.
    public func join() async { await queue.join() }
}
