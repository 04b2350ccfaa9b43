#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread of the system that can be waited for.
///
/// Unchecked: the identifier never changes and is good on every thread; macOS has it as a pointer.
struct JoinableThread: @unchecked Sendable {
    #if canImport(Darwin)
    private typealias Argument = UnsafeMutableRawPointer
    #else
    private typealias Argument = UnsafeMutableRawPointer?
    #endif

    /// What a thread is started with.
    private final class Start: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let id: pthread_t

    /// Starts a thread that gets no signals: those are for the main thread, and a broken connection is
    /// told by its error rather than by SIGPIPE.
    ///
    /// - Parameter body: What it does; it ends with it.
    /// - Throws: `FetchError.systemRefused` if the system has no thread to give.
    init(_ body: @escaping @Sendable () -> Void) throws(FetchError) {
        let start = Unmanaged.passRetained(Start(body)).toOpaque()
        let run: @convention(c) (Argument) -> UnsafeMutableRawPointer? = { start in
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, nil)
            JoinableThread.take(start)?.body()
            return nil
        }
        var id: pthread_t?
        #if canImport(Darwin)
        let code = pthread_create(&id, nil, run, start)
        #else
        var number = pthread_t()
        let code = pthread_create(&number, nil, run, start)
        id = number
        #endif
        guard code == 0, let id else {
            _ = Self.take(start)
            throw .systemRefused(doing: "a thread", errno: code)
        }
        self.id = id
    }

    /// Waits until it has ended.
    ///
    /// Once only, and not from the thread itself.
    func join() {
        precondition(pthread_equal(id, pthread_self()) == 0, "a thread can't wait for its own end")
        pthread_join(id, nil)
    }

    private static func take(_ start: UnsafeMutableRawPointer?) -> Start? {
        start.map { Unmanaged<Start>.fromOpaque($0).takeRetainedValue() }
    }
}
