#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A call as the threads of a pool see it.
protocol PoolCall: AnyObject, Sendable {
    /// Does the work, unless it was begun or dropped before.
    func run()
    /// Ends the call with an error, unless it was begun.
    func drop(_ error: any Error)
}

/// The calls that wait for a thread, first come, first served; and how the pool comes to its end.
final class CallQueue: Sendable {
    enum Entry {
        case call(any PoolCall)
        /// A step of a task; the pool stays alive until it has run.
        case task(UnownedJob, ThreadPool)
    }

    private enum Phase { case open, closed, terminated }

    private struct State {
        var phase = Phase.open
        var entries = RingBuffer<Entry>()
        /// Undertakings that were accepted and still submit calls of their own.
        var undertakings = 0
        var threads: [pthread_t] = []
        /// Threads that have not come to their end.
        var liveThreads = 0
        /// Those of them that will ask for an entry again.
        var servingThreads = 0
        var joiners: [CheckedContinuation<Void, Never>] = []

        var isDone: Bool {
            switch phase {
            case .open: false
            case .closed: entries.isEmpty && undertakings == 0
            // What undertakings submit is refused, so there is nothing to wait for.
            case .terminated: entries.isEmpty
            }
        }
    }

    let name: String
    private let state = Monitor(State())

    init(name: String) { self.name = name }

    /// Whether the calling thread is one of the queue's own.
    var isOnOwnThread: Bool {
        let caller = pthread_self()
        return state.withLock { $0.threads.contains { pthread_equal($0, caller) != 0 } }
    }

    /// Whether nobody waits for a thread; not so once the pool is terminated.
    var isQuiet: Bool { state.withLock { $0.entries.isEmpty && $0.phase != .terminated } }

    // MARK: Putting calls in

    /// Accepts a call, or ends it at once if the queue takes no more.
    func put(_ call: some PoolCall) {
        let refusal: PoolError? = state.withLock { state in
            guard state.phase == .open else { return reason(state) }
            state.entries.append(.call(call))
            return nil
        }
        // Nobody may join an open pool, so it is a thread of the pool that is woken.
        if let refusal { call.drop(refusal) } else { state.signal() }
    }

    /// Accepts the step of a task; it must run, whatever became of the pool.
    func put(_ job: UnownedJob, of pool: ThreadPool) {
        state.withLock { state in
            precondition(
                state.servingThreads > 0,
                "a task still prefers \(name), which has ended; end the task before join()"
            )
            state.entries.append(.task(job, pool))
        }
        state.broadcast()
    }

    /// Accepts an undertaking, which may `putPart` until it calls `endUndertaking`.
    func beginUndertaking() throws(PoolError) {
        let refusal: PoolError? = state.withLock { state in
            guard state.phase == .open else { return reason(state) }
            state.undertakings += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Accepts a call of an accepted undertaking, also after `close`.
    func putPart(_ call: some PoolCall) {
        var isOpen = true
        let refusal: PoolError? = state.withLock { state in
            guard state.phase != .terminated else { return reason(state) }
            isOpen = state.phase == .open
            state.entries.append(.call(call))
            return nil
        }
        if let refusal { return call.drop(refusal) }
        // Threads that join a closed pool wait beside its own, and must not take the wake for themselves.
        if isOpen { state.signal() } else { state.broadcast() }
    }

    func endUndertaking() {
        let isDone = state.withLock { state in
            state.undertakings -= 1
            return state.isDone
        }
        if isDone { state.broadcast() }
    }

    private func reason(_ state: State) -> PoolError {
        state.phase == .terminated ? .terminated(name) : .closed(name)
    }

    // MARK: Threads

    /// Counts a thread that is about to start.
    func threadStarts() { change(by: 1) }

    /// Takes back the count of a thread that the system did not give.
    func threadFailed() { change(by: -1) }

    private func change(by difference: Int) {
        state.withLock { state in
            state.liveThreads += difference
            state.servingThreads += difference
        }
    }

    /// What each thread of the pool does: run what comes first, until the queue is done; then `atEnd`.
    func serve(atEnd: () -> Void) {
        state.withLock { $0.threads.append(pthread_self()) }
        while let entry = next() {
            switch entry {
            case .call(let call): call.run()
            case .task(let job, let pool): job.runSynchronously(on: pool.asUnownedTaskExecutor())
            }
        }
        atEnd()
        let joiners: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.threads.removeAll { pthread_equal($0, pthread_self()) != 0 }
            state.liveThreads -= 1
            guard state.liveThreads == 0 else { return [] }
            defer { state.joiners = [] }
            return state.joiners
        }
        state.broadcast()
        for joiner in joiners { joiner.resume() }
    }

    private func next() -> Entry? {
        state.wait { state -> Entry?? in
            if let entry = state.entries.popFirst() { return .some(entry) }
            guard state.isDone else { return nil }
            state.servingThreads -= 1
            return .some(nil)
        }
    }

    // MARK: The end

    /// Takes no more calls; what was accepted is done.
    func close() {
        state.withLock { if $0.phase == .open { $0.phase = .closed } }
        state.broadcast()
    }

    /// Takes no more calls and drops those that have not begun.
    ///
    /// Steps of tasks stay.
    func terminate() {
        let dropped: [any PoolCall] = state.withLock { state in
            state.phase = .terminated
            var calls: [any PoolCall] = []
            var tasks = RingBuffer<Entry>()
            while let entry = state.entries.popFirst() {
                switch entry {
                case .call(let call): calls.append(call)
                case .task: tasks.append(entry)
                }
            }
            state.entries = tasks
            return calls
        }
        for call in dropped { call.drop(PoolError.terminated(name)) }
        state.broadcast()
    }

    /// Blocks the thread until every thread of the pool has ended.
    func join() {
        checkJoin()
        state.wait { $0.liveThreads == 0 ? () : nil }
    }

    /// Suspends the task until every thread of the pool has ended.
    func join() async {
        checkJoin()
        await withCheckedContinuation { joiner in
            let isOver = state.withLock { state in
                if state.liveThreads > 0 { state.joiners.append(joiner) }
                return state.liveThreads == 0
            }
            if isOver { joiner.resume() }
        }
    }

    private func checkJoin() {
        precondition(!isOnOwnThread, "\(name) cannot be joined from one of its own threads")
        let isOpen = state.withLock { $0.phase == .open }
        precondition(!isOpen, "\(name) is open and would be joined for ever; close() it first")
    }
}
