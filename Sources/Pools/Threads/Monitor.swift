import CPools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A value that one thread at a time may touch, and a condition to wait for.
///
/// It is POSIX's mutex and condition variable rather than `Synchronization.Mutex` for two reasons:
/// a `Mutex` has no condition, and the thread sanitizer does not see a `Mutex` on Linux (it is
/// taken inside a library that is not instrumented), so that every correct use looks like a race.
///
/// `@unchecked Sendable`: `state` is touched only between `lock` and `unlock` of `mutex`; the
/// pointers are fixed from `init` to `deinit`, and no thread is inside when `deinit` runs, because
/// each call holds a reference.
final class Monitor<State>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    init(_ state: State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pools_initialize_mutex(mutex)
        MonotonicCondition.initialize(condition)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Blocks the thread until `attempt` gives something; it is tried anew after each wake.
    func wait<Result>(_ attempt: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = attempt(&state) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Blocks the thread until `attempt` gives something, at most for `timeout`; `nil` if it ran out.
    func wait<Result>(timeout: Duration, _ attempt: (inout State) -> Result?) -> Result? {
        let deadline = MonotonicCondition.deadline(after: timeout)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = attempt(&state) { return result }
            guard MonotonicCondition.wait(condition, mutex, until: deadline) else {
                return attempt(&state)
            }
        }
    }

    /// Wakes one waiting thread, if there is one.
    func signal() { pthread_cond_signal(condition) }

    /// Wakes every waiting thread.
    func broadcast() { pthread_cond_broadcast(condition) }
}
