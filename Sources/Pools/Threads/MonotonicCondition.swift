#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Timed waits that a changed wall clock neither lengthens nor cuts short.
enum MonotonicCondition {
    /// Prepares a condition whose timed waits follow the monotonic clock.
    static func initialize(_ condition: UnsafeMutablePointer<pthread_cond_t>) {
        #if canImport(Darwin)
        pthread_cond_init(condition, nil)
        #else
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
        #endif
    }

    /// The moment `timeout` from now; a negative timeout is now.
    static func deadline(after timeout: Duration) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let (seconds, attoseconds) = max(timeout, .zero).components
        let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
        let whole = min(seconds, Int64(Int32.max)) + Int64(nanoseconds / 1_000_000_000)
        return timespec(tv_sec: now.tv_sec + Int(whole), tv_nsec: nanoseconds % 1_000_000_000)
    }

    /// Waits for a wake until `deadline`; false once it has passed.
    static func wait(
        _ condition: UnsafeMutablePointer<pthread_cond_t>,
        _ mutex: UnsafeMutablePointer<pthread_mutex_t>,
        until deadline: timespec
    ) -> Bool {
        var deadline = deadline
        #if canImport(Darwin)
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        deadline.tv_sec -= now.tv_sec
        deadline.tv_nsec -= now.tv_nsec
        if deadline.tv_nsec < 0 {
            deadline.tv_sec -= 1
            deadline.tv_nsec += 1_000_000_000
        }
        guard deadline.tv_sec >= 0 else { return false }
        return pthread_cond_timedwait_relative_np(condition, mutex, &deadline) != ETIMEDOUT
        #else
        return pthread_cond_timedwait(condition, mutex, &deadline) != ETIMEDOUT
        #endif
    }
}
