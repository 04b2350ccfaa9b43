/// The workers of a pool: which are idle, which are busy, and how many are missing.
///
/// As many threads use it as there are workers, each for one call at a time, so a worker is always idle or
/// may be started. The one used last is used first: its memory is warm.
final class WorkerSlots: Sendable {
    private struct State {
        var idle: [WorkerProcess] = []
        var busy: [WorkerProcess] = []
        /// Workers that are being started.
        var starting = 0
        /// Workers that were asked to end after their last call.
        var leaving: [WorkerProcess] = []
        var isTerminated = false
    }

    private let name: String
    private let executable: String
    private let workerCount: Int
    private let startLimit: Int
    /// Calls after which a worker is replaced; `nil` for no end.
    let maxTasksPerWorker: Int?
    private let state = Monitor(State())

    /// Slots of which all are free.
    ///
    /// - Parameters:
    ///   - name: What errors call the pool.
    ///   - executable: Path of the workers' program.
    ///   - workers: How many there are at most.
    ///   - startLimit: Seconds that a worker may take to greet its pool.
    ///   - maxTasksPerWorker: Calls after which a worker is replaced; `nil` for no end.
    init(
        name: String,
        executable: String,
        workers: Int,
        startLimit: Int,
        maxTasksPerWorker: Int?
    ) {
        precondition(
            maxTasksPerWorker ?? 1 > 0,
            "a worker needs at least one task, not \(maxTasksPerWorker ?? 1)"
        )
        self.name = name
        self.executable = executable
        workerCount = workers
        self.startLimit = startLimit
        self.maxTasksPerWorker = maxTasksPerWorker
    }

    var termination: PoolError { .terminated(name) }

    var isTerminated: Bool { state.withLock { $0.isTerminated } }

    /// The process numbers of the workers that are there.
    var workers: [Int32] { state.withLock { ($0.idle + $0.busy).map(\.pid) } }

    /// An idle worker, or a new one.
    ///
    /// - Throws: `PoolError`: `workerDidNotStart`, `workerDied` if it is killed again and again, `terminated`.
    func take() throws(PoolError) -> WorkerProcess {
        let idle = state.withLock { state -> WorkerProcess? in
            guard let worker = state.idle.popLast() else {
                state.starting += 1
                return nil
            }
            state.busy.append(worker)
            return worker
        }
        if let idle { return idle }
        return try start()
    }

    /// Starts a worker before there is a call for it, if one is missing.
    ///
    /// - Throws: As `take()`.
    func prepare() throws(PoolError) {
        let isMissing = state.withLock { state in
            let isMissing = state.idle.count + state.busy.count + state.starting < workerCount
            if isMissing { state.starting += 1 }
            return isMissing
        }
        if isMissing { giveBack(try start()) }
    }

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

    /// Ends the workers that are idle or leaving; what each thread of the pool does last.
    func endIdle() {
        let workers = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for worker in workers { worker.askToEnd() }
        for worker in workers { worker.awaitEnd() }
        buryLeaving()
    }

    /// Starts the worker that was counted as starting.
    private func start() throws(PoolError) -> WorkerProcess {
        buryLeaving()
        let started: Result<WorkerProcess, PoolError> = launch()
        let isTooLate = state.withLock { state in
            state.starting -= 1
            if case .success(let worker) = started { state.busy.append(worker) }
            return state.isTerminated
        }
        let worker = try started.get()
        // The call's exchange finds it dead.
        if isTooLate { worker.kill() }
        return worker
    }

    /// Tries until a worker has greeted, or cannot; one that somebody kills meanwhile is no reason to give up.
    private func launch() -> Result<WorkerProcess, PoolError> {
        var attempts = 3
        while !isTerminated {
            do {
                return .success(
                    try WorkerProcess(executable, limit: startLimit) { !isTerminated }
                )
            } catch {
                attempts -= 1
                if isTerminated { break }
                if error.isKill, attempts > 0 { continue }
                return .failure(error.error(of: executable))
            }
        }
        return .failure(termination)
    }

    private func buryLeaving() {
        let leaving = state.withLock { state in
            defer { state.leaving = [] }
            return state.leaving
        }
        for worker in leaving { worker.awaitEnd() }
    }
}
