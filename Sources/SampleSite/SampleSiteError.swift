internal import FlyingSocks

/// What keeps a sample site from doing its work.
package enum SampleSiteError: Error, CustomStringConvertible {
    /// An address can't be listened on.
    case cannotListen(host: String, cause: any Error)
    /// No port is free on all the addresses wanted.
    case noCommonPort(hosts: [String])
    /// What was waited for did not come in time; the reason says how far it came.
    case gaveUp(after: Duration, reason: String)
    /// The server broke down while it ran.
    case broken(cause: any Error)

    /// What happened, and what to do.
    package var description: String {
        switch self {
        case .cannotListen(let host, let cause):
            "cannot listen on \(host): \(cause). Does this machine have the address? "
                + "(On macOS: sudo ifconfig lo0 alias \(host))"
        case .noCommonPort(let hosts):
            "no port is free on all of \(hosts.joined(separator: ", ")): try again"
        case .gaveUp(let limit, let reason):
            "gave up after \(limit): \(reason). Is the client still running?"
        case .broken(let cause):
            "the sample site broke down: \(cause). Is the limit of open files (ulimit -n) too low?"
        }
    }
}
