/// What can go wrong with a call besides the error that the work itself throws.
public enum PoolError: Error, Hashable, Sendable {
    /// The pool or the queue was closed before.
    case closed(String)
    /// The pool was terminated before the call was over.
    case terminated(String)
    /// The call is still going on after the time that the caller gave it.
    case timedOut(Duration)
    /// The system gave no thread.
    case noThread(String, errno: Int32)
    /// The worker process ended in the middle of the call, or was killed each time that it was started for it.
    case workerDied(WorkerEnding)
    /// A worker process could not be started, for this reason.
    case workerDidNotStart(String)
    /// The function threw an error in the worker: its type, and what it says of itself.
    case workFailed(function: String, type: String, message: String)
    /// The worker has no function of this name.
    case unknownFunction(String)
    /// The argument or the value has more bytes than a message may have.
    case messageTooLarge(bytes: Int)
}

extension PoolError: CustomStringConvertible {
    /// A sentence that names the thing and the cure.
    public var description: String {
        switch self {
        case .closed(let name): "\(name) is closed and takes nothing more; submit before close()"
        case .terminated(let name): "\(name) was terminated before the call was over"
        case .timedOut(let time): "the call was not over within \(time); wait longer, or cancel it"
        case .noThread(let name, let number):
            "the system gave no thread for \(name) (error \(number)); "
                + "use fewer threads, or raise the limit of processes (ulimit -u)"
        case .workerDied(let ending): "the worker process was lost during the call: \(ending)"
        case .workerDidNotStart(let reason):
            "a worker process did not start: \(reason); "
                + "does its main begin with ProcessPool.runWorkerIfAsked?"
        case .workFailed(let function, let type, let message):
            "\(function) threw \(type) in the worker process: \(message)"
        case .unknownFunction(let name):
            "the worker process has no function \(name); "
                + "give it to ProcessPool.runWorkerIfAsked"
        case .messageTooLarge(let bytes):
            "a message of \(bytes) bytes is too large, \(FrameSocket.maximum) are the most; "
                + "pass large content by way of a file"
        }
    }
}
