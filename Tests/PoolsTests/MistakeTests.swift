import Foundation
import Testing

@testable import Pools

/// Programmers' mistakes stop the program with a sentence.
@Suite(.timeLimit(.minutes(1)))
struct MistakeTests {
    @Test func `a queue has room for at least one element is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = JoinableQueue<Int>(capacity: 0)
        }
        #expect(try #require(stop).says("a queue holds at least one element"))
    }

    @Test func `one report too many is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let queue = JoinableQueue<Int>()
            try await queue.put(1)
            queue.taskDone()
            queue.taskDone()
        }
        #expect(try #require(stop).says("taskDone() was called more often than elements were put"))
    }

    @Test func `a pool without threads is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try ThreadPool(threads: 0)
        }
        #expect(try #require(stop).says("a pool needs at least one thread, not 0"))
    }

    @Test func `a pool without workers is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try ProcessPool(workers: 0)
        }
        #expect(try #require(stop).says("a pool needs at least one worker, not 0"))
    }

    @Test func `a chunk without inputs is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try ThreadPool(threads: 1).mapAsync([1], chunkSize: 0) { $0 }
        }
        #expect(try #require(stop).says("a chunk needs at least one input, not 0"))
    }

    @Test func `an iteration without a chunk ahead is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try ThreadPool(threads: 1).imap([1], readAhead: 0) { $0 }
        }
        #expect(try #require(stop).says("imap needs at least one chunk ahead, not 0"))
    }

    @Test func `joining an open pool is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            await (try ThreadPool(threads: 1)).join()
        }
        #expect(try #require(stop).says("close() it first"))
    }

    @Test func `joining a pool from one of its own threads is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pool = try ThreadPool(threads: 1)
            let gate = Gate()
            let call = pool.applyAsync {
                gate.pass()
                pool.join()
            }
            pool.close()
            gate.open()
            try await call.value
        }
        #expect(try #require(stop).says("cannot be joined from one of its own threads"))
    }

    @Test func `asking a call that is not over for its success is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pool = try ThreadPool(threads: 1)
            let gate = Gate()
            _ = pool.applyAsync { gate.pass() }.isSuccessful
        }
        #expect(try #require(stop).says("isSuccessful was asked of a call that is not over"))
    }

    @Test func `a task that outlives the pool it prefers is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pool = try ThreadPool(threads: 1)
            pool.close()
            await pool.join()
            await withTaskExecutorPreference(pool) {}
        }
        #expect(try #require(stop).says("which has ended; end the task before join()"))
    }

    @Test func `two functions of one name is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            setenv("SWIFT_POOLS_WORKER", "1", 1)
            let same = WorkFunction("same") { (number: Int) in number }
            ProcessPool.runWorkerIfAsked(same, same)
        }
        #expect(try #require(stop).says("two functions of a worker have the name same"))
    }

    @Test func `a worker that makes a pool instead of doing its work is a mistake`() async throws {
        let stop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            setenv("SWIFT_POOLS_WORKER", "1", 1)
            _ = try ProcessPool(workers: 1)
        }
        #expect(try #require(stop).says("begin main with ProcessPool.runWorkerIfAsked"))
    }
}

extension ExitTest.Result {
    /// Whether it stopped with this sentence.
    fileprivate func says(_ sentence: String) -> Bool {
        String(decoding: standardErrorContent, as: UTF8.self).contains(sentence)
    }
}
