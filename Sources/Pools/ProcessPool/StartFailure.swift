#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a worker process could not be started.
enum StartFailure: Error {
    /// The system gave no process, for this reason.
    case noProcess(String)
    /// It ended before it had greeted its pool.
    case ended(WorkerEnding)
    /// It had not greeted its pool after so many seconds.
    case notReady(seconds: Int)

    /// Whether somebody has killed it, which says nothing against the next attempt.
    var isKill: Bool {
        if case .ended(.signal(SIGKILL)) = self { true } else { false }
    }

    /// What the call is told that needed the worker.
    func error(of executable: String) -> PoolError {
        switch self {
        case .noProcess(let reason): .workerDidNotStart("\(executable): \(reason)")
        case .ended(let ending) where isKill: .workerDied(ending)
        case .ended(let ending):
            .workerDidNotStart("\(executable): it ended before it was ready: \(ending)")
        case .notReady(let seconds):
            .workerDidNotStart("\(executable): it was not ready within \(seconds) s")
        }
    }
}
