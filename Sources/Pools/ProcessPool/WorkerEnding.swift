#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How a worker process ended.
public enum WorkerEnding: Hashable, Sendable {
    /// A signal ended it: a crash, or someone's kill.
    case signal(Int32)
    /// It exited with this code, by itself.
    case exitCode(Int32)
    /// It is gone, and something else in this process has taken its status from the system.
    case unknown

    /// What `waitpid` says.
    init(status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exitCode((status >> 8) & 0xff) : .signal(signal)
    }
}

extension WorkerEnding: CustomStringConvertible {
    /// Half a sentence, such as "killed by signal 9 (Killed)".
    public var description: String {
        switch self {
        case .signal(let number):
            "killed by signal \(number) (\(String(cString: strsignal(number))))"
        case .exitCode(let code): "exited with code \(code)"
        case .unknown: "gone, nobody knows how"
        }
    }
}
