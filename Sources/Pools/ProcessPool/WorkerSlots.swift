/// The workers of a pool: which are idle, which are busy, and how many are missing.
///
/// As many threads use it as there are workers, each for one call at a time, so a worker is always idle or
/// may be started. The one used last is used first: its memory is warm.
final class WorkerSlots: Sendable {
    private struct State {
        var idle: [WorkerProcess] = []
        var busy: [WorkerProcess] = []
        /// Workers that were asked to end after their last call.
        var leaving: [WorkerProcess] = []
        var isTerminated = false
    }

    let executable: String
    private let name: String
    private let startLimit: Int
    private let maxTasksPerWorker: Int?
    private let state = Monitor(State())

    init(name: String, executable: String, startLimit: Int, maxTasksPerWorker: Int?) {
        self.name = name
        self.executable = executable
        self.startLimit = startLimit
        self.maxTasksPerWorker = maxTasksPerWorker
    }

    var termination: PoolError { .terminated(name) }

    var isTerminated: Bool { state.withLock { $0.isTerminated } }

    /// The process numbers of the workers that are there.
    var workers: [Int32] { state.withLock { ($0.idle + $0.busy).map(\.pid) } }

    /// An idle worker, or a new one.
    ///
    /// - Throws: `PoolError.workerDidNotStart`; `PoolError.terminated`.
    func take() throws(PoolError) -> WorkerProcess {
        let idle = state.withLock { state -> WorkerProcess? in
            guard let worker = state.idle.popLast() else { return nil }
            state.busy.append(worker)
            return worker
        }
        if let idle { return idle }
        return try start()
    }

    /// Starts a worker before there is a call for it.
    ///
    /// - Throws: As `take()`.
    func prepare() throws(PoolError) { giveBack(try start()) }

    /// Gives back a worker that has answered; one that has done its share is asked to end.
    ///
    /// - Returns: Whether the worker stays.
    @discardableResult
    func giveBack(_ worker: WorkerProcess) -> Bool {
        let isSpent = worker.callsDone >= maxTasksPerWorker ?? Int.max
        if isSpent { worker.askToEnd() }
        state.withLock { state in
            state.busy.removeAll { $0 === worker }
            if isSpent { state.leaving.append(worker) } else { state.idle.append(worker) }
        }
        return !isSpent
    }

    /// Strikes off a worker that is dead.
    func strikeOff(_ worker: WorkerProcess) {
        state.withLock { $0.busy.removeAll { $0 === worker } }
    }

    /// Kills every worker; none is started any more.
    func terminate() {
        let workers = state.withLock { state in
            state.isTerminated = true
            return state.idle + state.busy + state.leaving
        }
        for worker in workers { worker.kill() }
    }

    /// Ends one idle worker and those that are leaving; what each thread of the pool does last.
    func endOne() {
        let worker = state.withLock { $0.idle.popLast() }
        worker?.askToEnd()
        worker?.awaitEnd()
        buryLeaving()
    }

    private func start() throws(PoolError) -> WorkerProcess {
        buryLeaving()
        if isTerminated { throw termination }
        let worker = try WorkerProcess(executable: executable, limit: startLimit)
        let isTooLate = state.withLock { state in
            state.busy.append(worker)
            return state.isTerminated
        }
        // The call's exchange finds it dead.
        if isTooLate { worker.kill() }
        return worker
    }

    private func buryLeaving() {
        let leaving = state.withLock { state in
            defer { state.leaving = [] }
            return state.leaving
        }
        for worker in leaving { worker.awaitEnd() }
    }
}
