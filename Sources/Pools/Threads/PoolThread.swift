import CPools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A thread of its own, off Swift's cooperative ones.
enum PoolThread {
    /// Starts a detached thread.
    ///
    /// - Parameters:
    ///   - name: What debuggers show.
    ///   - body: What the thread does; it ends when this returns.
    /// - Throws: `PoolError.noThread` if the system gives none.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(PoolError) {
        let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        #if canImport(Darwin)
        var thread: pthread_t?
        let main: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = threadMain
        #else
        var thread = pthread_t()
        let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = threadMain
        #endif
        let number = pthread_create(&thread, &attributes, main, start.toOpaque())
        guard number == 0 else {
            start.release()
            throw .noThread(name, errno: number)
        }
    }
}

private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    pools_name_this_thread(start.name)
    start.body()
    return nil
}
