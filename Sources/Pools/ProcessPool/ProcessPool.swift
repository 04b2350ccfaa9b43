#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A fixed number of worker processes for work that must not take the program down with it.
///
/// A worker is the same program, started anew, so `main` has to begin with `runWorkerIfAsked`:
///
///     let square = WorkFunction("square") { (number: Int) in number * number }
///
///     ProcessPool.runWorkerIfAsked(square)
///     let pool = try ProcessPool(workers: 2)
///     print(try pool.map(square, 1...10))
///
/// A worker that crashes, is killed or exits fails the one call that it was doing, with
/// `PoolError.workerDied`, and is replaced. Workers end with the pool, and when the program ends, even by
/// SIGKILL. They inherit standard output and error and no other file, have no input, and a Ctrl-C at the
/// terminal does not reach them.
///
/// Calls begin in the order in which they were submitted, as in a `ThreadPool`, which it is built on: one
/// thread looks after each worker. A pool that is let go is closed.
public final class ProcessPool: Sendable {
    /// How many worker processes the pool has.
    public let workers: Int
    /// What errors and the threads call the pool.
    public let name: String

    let slots: WorkerSlots
    private let threads: ThreadPool

    var queue: CallQueue { threads.queue }

    /// Starts the pool; the workers start at once, and the first calls wait for them.
    ///
    /// - Parameters:
    ///   - workers: How many, at least 1.
    ///   - executable: The program of the workers, whose `main` begins with `runWorkerIfAsked`; by default
    ///     this one.
    ///   - maxTasksPerWorker: Calls, or chunks of a `map`, after which a worker is replaced by a
    ///     new one, at least 1; `nil` for no end. It holds what leaks in them within bounds.
    ///   - name: What errors and debuggers call the pool.
    /// - Throws: `PoolError.noThread`. A worker that cannot be started is an error of the call that needs it.
    public convenience init(
        workers: Int,
        executable: String? = nil,
        maxTasksPerWorker: Int? = nil,
        name: String = "process pool"
    ) throws(PoolError) {
        try self.init(
            workers: workers,
            slots: WorkerSlots(
                name: name,
                executable: executable ?? Self.ownExecutable,
                workers: workers,
                startLimit: 30,
                maxTasksPerWorker: maxTasksPerWorker
            ),
            name: name
        )
    }

    init(workers: Int, slots: WorkerSlots, name: String) throws(PoolError) {
        precondition(workers > 0, "a pool needs at least one worker, not \(workers)")
        precondition(
            !Worker.isAsked,
            "a worker process came to make a ProcessPool; "
                + "begin main with ProcessPool.runWorkerIfAsked"
        )
        self.workers = workers
        self.name = name
        self.slots = slots
        threads = try ThreadPool(threads: workers, name: name, atEnd: { slots.endIdle() })
        for _ in 0..<workers { Self.replaceWorker(slots, threads.queue) }
    }

    /// In a process that was started to be a worker, does a pool's calls and never returns; in any other,
    /// returns at once.
    ///
    /// It belongs at the very start of `main`: whatever comes before it happens in each worker too.
    ///
    /// - Parameter functions: All that the program's pools may ask of a worker, each under its own name.
    public static func runWorkerIfAsked<
        each Argument: Codable & Sendable,
        each Output: Codable & Sendable
    >(_ functions: repeat WorkFunction<each Argument, each Output>) {
        guard Worker.isAsked else { return }
        var worker = Worker()
        repeat worker.add(each functions)
        worker.run()
    }

    /// Submits a call and returns at once.
    ///
    /// - Parameters:
    ///   - function: What a worker does.
    ///   - argument: What it does it with.
    /// - Returns: The call's handle; see `apply` for how it may end.
    public func applyAsync<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ argument: Argument
    ) -> ResultHandle<Output> {
        let call = ProcessCall(slots, replace: replaceWorker)
        let handle = ResultHandle(queue, of: call) {
            try call.run(function, CollectionOfOne(argument))[0]
        }
        queue.put(handle)
        return handle
    }

    /// Does a call in a worker and blocks the calling thread until it is over.
    ///
    /// - Parameters:
    ///   - function: What a worker does.
    ///   - argument: What it does it with.
    /// - Returns: Its value.
    /// - Throws: `PoolError`: `workFailed` if the function threw, `workerDied` if the worker ended
    ///   in the middle, or any of the others. `EncodingError`, `DecodingError` if argument or value
    ///   cannot travel. `CancellationError` if the call was cancelled.
    @available(*, noasync, message: "blocks a thread; await apply instead")
    public func apply<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ argument: Argument
    ) throws -> Output {
        try applyAsync(function, argument).get()
    }

    /// Does a call in a worker while the calling task is suspended.
    ///
    /// If the task is cancelled in the middle of it, the worker is killed and replaced.
    ///
    /// - Parameters:
    ///   - function: What a worker does.
    ///   - argument: What it does it with.
    /// - Returns: Its value.
    /// - Throws: As `apply` for threads.
    public func apply<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ argument: Argument
    ) async throws -> Output {
        try await applyAsync(function, argument).value
    }

    /// Takes no more calls; what was accepted is done, then the workers end.
    ///
    /// An iteration over `imap` that has begun was accepted: the workers stay until it is over or let go.
    public func close() { queue.close() }

    /// Takes no more calls, drops those that have not begun and kills the workers: all those calls end with
    /// `PoolError.terminated`.
    public func terminate() {
        queue.terminate()
        slots.terminate()
    }

    /// Blocks the thread until every worker has ended.
    ///
    /// - Precondition: `close()` or `terminate()` was called.
    @available(*, noasync, message: "blocks a thread; await join() instead")
    public func join() { queue.join() }

    /// Suspends the task until every worker has ended.
    ///
    /// - Precondition: As `join()` for threads.
    public func join() async { await queue.join() }

    var replaceWorker: @Sendable () -> Void {
        { [slots, queue] in Self.replaceWorker(slots, queue) }
    }

    /// Has a thread of the pool start a worker ahead of the call that needs it.
    ///
    /// If that fails, the call tries again and reports it; if the pool is closed, calls start what
    /// they need themselves.
    private static func replaceWorker(_ slots: WorkerSlots, _ queue: CallQueue) {
        queue.put(ResultHandle(queue) { try slots.prepare() })
    }

    /// On Linux not the path: the file there may have been replaced by another version meanwhile.
    private static var ownExecutable: String {
        #if canImport(Glibc)
        "/proc/self/exe"
        #else
        var size = UInt32(PATH_MAX)
        var path = [CChar](repeating: 0, count: Int(size))
        return _NSGetExecutablePath(&path, &size) == 0
            ? String(cString: path) : CommandLine.arguments[0]
        #endif
    }
}
