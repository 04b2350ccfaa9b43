import Pools
import Synchronization

/// A counter that many threads increment once each: range(1, 200), so 199 of them.
enum Counter {
    static let threads = 199

    static func run() throws {
        say("with a lock: \(threads) threads counted from 1 to \(try counted(withLock))")
        say("without:     \(threads) threads counted from 1 to \(try counted(unprotected))")
        say(
            """
            Swift 6 does not compile the second one as it stands in Python: a closure that runs on \
            several threads must be @Sendable, and such a one may not change a variable that it \
            shares ("mutation of captured var 'n' in concurrently-executing code"). It had to be \
            hidden behind a pointer marked nonisolated(unsafe).
            """
        )
    }

    /// The lock and what it protects are one value, so nobody can touch the counter without it.
    private static func withLock(_ pool: ThreadPool) throws -> Int {
        let counter = Mutex(1)
        _ = try pool.map(0..<threads, chunkSize: 1) { _ in counter.withLock { $0 += 1 } }
        return counter.withLock { $0 }
    }

    /// Each thread reads the counter, and writes what it has read plus one.
    ///
    /// Between the two, others may do the same. To make sure that they do, no thread writes before all have
    /// read: chance does that only now and then.
    private static func unprotected(_ pool: ThreadPool) throws -> Int {
        nonisolated(unsafe) let counter = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        counter.initialize(to: 1)
        defer { counter.deallocate() }
        let readers = JoinableQueue<Int>()
        for number in 0..<threads { try readers.put(number) }
        _ = try pool.map(0..<threads, chunkSize: 1) { _ in
            let read = counter.pointee
            readers.taskDone()
            readers.join()
            counter.pointee = read + 1
        }
        return counter.pointee
    }

    private static func counted(_ count: (ThreadPool) throws -> Int) throws -> Int {
        let pool = try ThreadPool(threads: threads, name: "counter")
        defer {
            pool.close()
            pool.join()
        }
        return try count(pool)
    }
}
