import CHooks
import Foundation
import Synchronization

/// One run of a hook's program, which anyone may end.
final class HookProcess: Sendable {
    /// How it ended.
    enum Ending: Equatable, Sendable {
        case exited(Int)
        case signal(Int)
        /// It was ended before its own end, by a signal.
        case killed(Int)
        case notStarted(String)
    }

    private struct State {
        var isKilled = false
        /// The process, for as long as the system does not give its number to another.
        var pid: pid_t?
    }

    private let state = Mutex(State())

    /// Starts the program and blocks the thread until it has ended.
    func run(_ command: [String], _ environment: [String: String]) -> Ending {
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var words = command.map { strdup($0) } + [nil]
        var variables =
            all.map { strdup("\($0.key)=\($0.value.replacing("\0", with: ""))") } + [nil]
        defer { for word in words + variables { free(word) } }
        let error = state.withLock { state -> Int32 in
            guard !state.isKilled else { return ECANCELED }
            var pid: pid_t = 0
            let error = hook_spawn(&words, &variables, &pid)
            if error == 0 { state.pid = pid }
            return error
        }
        guard error == 0, let pid = state.withLock({ $0.pid }) else {
            return .notStarted(String(cString: strerror(error)))
        }
        hook_await(pid)
        return state.withLock { state in
            state.pid = nil
            let status = Int(hook_reap(pid))
            if status >= 0 { return .exited(status) }
            return state.isKilled ? .killed(-status) : .signal(-status)
        }
    }

    /// Ends the program and what it started, if it runs; it does not begin any more.
    func kill() {
        state.withLock { state in
            guard let pid = state.pid else { return state.isKilled = true }
            state.isKilled = true
            hook_kill(pid)
        }
    }
}
