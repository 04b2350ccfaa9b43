import Foundation
import TestSupport
import Testing

@testable import Pools
@testable import pools_test_worker

@Suite(.timeLimit(.minutes(1)))
struct ProcessPoolTests {
    @Test func `workers do calls, maps and iterations`() async throws {
        let pool = try TestWorkers.pool()
        #expect(try await pool.apply(TestWork.double, 21) == 42)
        #expect(try await onThread { Result { try pool.apply(TestWork.double, 4) } }.get() == 8)
        #expect(try await pool.map(TestWork.double, 0..<100) == (0..<100).map { 2 * $0 })
        var outputs: [Int] = []
        for try await output in pool.imap(TestWork.double, 0..<50, chunkSize: 3) {
            outputs.append(output)
        }
        #expect(outputs == (0..<50).map { 2 * $0 })
        var sum = 0
        for try await output in pool.imapUnordered(TestWork.double, 0..<50) { sum += output }
        #expect(sum == 2450)
        try await end(pool)
    }

    @Test func `two workers work at the same time`() async throws {
        let folder = TemporaryFolder()
        let pool = try TestWorkers.pool(2)
        let calls = ["a", "b"].map { pool.applyAsync(TestWork.hang, folder.path($0)) }
        try await eventually("both have begun") { folder.files().count == 2 }
        for call in calls { call.cancel() }
        for call in calls {
            await #expect(throws: CancellationError.self) { try await call.value }
        }
        try await end(pool)
    }

    @Test func `map keeps order for any chunk size and any failing argument`() async throws {
        var generator = SeededGenerator(for: "map of a process pool keeps order")
        let pool = try TestWorkers.pool()
        for _ in 0..<60 {
            let count = Int.random(in: 1...80, using: &generator)
            let chunkSize = Int.random(in: 1...90, using: &generator)
            let arguments = Array(0..<count)
            #expect(
                try await pool.map(TestWork.root, arguments.map { $0 * $0 }, chunkSize: chunkSize)
                    == arguments
            )
            let failing = (0..<2).map { _ in Int.random(in: 0..<count, using: &generator) }
            let broken = arguments.map { failing.contains($0) ? -$0 - 1 : $0 }
            let error = await #expect(throws: PoolError.self) {
                try await pool.map(TestWork.root, broken, chunkSize: chunkSize)
            }
            let first = try #require(failing.min())
            #expect(error == failure(of: -first - 1), "\(failing) of \(count) in \(chunkSize)")
        }
        try await end(pool)
    }

    @Test func `an error in a worker comes back as its type and its words`() async throws {
        let pool = try TestWorkers.pool(1)
        let error = await #expect(throws: PoolError.self) {
            try await pool.apply(TestWork.root, -5)
        }
        #expect(error == failure(of: -5))
        #expect(try await pool.apply(TestWork.root, 49) == 7, "the worker lives on")
        try await end(pool)
    }

    @Test func `a function that workers do not have is named`() async throws {
        let pool = try TestWorkers.pool(1)
        let unknown = WorkFunction("unknown") { (number: Int) in number }
        await #expect(throws: PoolError.unknownFunction("unknown")) {
            try await pool.apply(unknown, 1)
        }
        #expect(try await pool.apply(TestWork.double, 2) == 4)
        try await end(pool)
    }

    @Test func `a worker that ends fails its own call and no other`() async throws {
        let pool = try TestWorkers.pool(2)
        for signal in [SIGKILL, SIGSEGV, SIGABRT, SIGTERM, SIGINT, SIGPIPE] {
            let calls = (0..<10).map { pool.applyAsync(TestWork.double, $0) }
            let fatal = pool.applyAsync(TestWork.signal, signal)
            let more = (0..<10).map { pool.applyAsync(TestWork.double, $0) }
            await #expect(throws: PoolError.workerDied(.signal(signal))) { try await fatal.value }
            for (number, call) in zip(Array(0..<10) + Array(0..<10), calls + more) {
                #expect(try await call.value == 2 * number)
            }
        }
        for code in [0, 1, 255] as [Int32] {
            await #expect(throws: PoolError.workerDied(.exitCode(code))) {
                try await pool.apply(TestWork.exit, code)
            }
        }
        try await end(pool)
    }

    @Test func `a worker that dies idle fails no call`() async throws {
        let pool = try TestWorkers.pool(1)
        var last: Int32 = 0
        for round in 0..<20 {
            let worker = try await pool.apply(TestWork.processNumber, 0)
            #expect(worker != last, "round \(round)")
            kill(worker, SIGKILL)
            last = worker
        }
        try await end(pool)
    }

    @Test func `there are never more workers than were asked for`() async throws {
        let pool = try TestWorkers.pool(2)
        for _ in 0..<20 {
            let calls = (0..<2).map { _ in pool.applyAsync(TestWork.signal, SIGKILL) }
            for call in calls { _ = try? await call.value }
            #expect(pool.slots.workers.count <= 2)
        }
        // What was submitted before has been done when this is.
        _ = try await pool.map(TestWork.double, 0..<100, chunkSize: 1)
        #expect(pool.slots.workers.count <= 2)
        try await end(pool)
    }

    @Test(arguments: [1, 3]) func `a worker is replaced after so many calls`(most: Int) async throws
    {
        let pool = try TestWorkers.pool(1, maxTasks: most)
        var calls: [Int32: Int] = [:]
        for _ in 0..<12 { calls[try await pool.apply(TestWork.processNumber, 0), default: 0] += 1 }
        #expect(calls.count == 12 / most)
        #expect(calls.values.allSatisfy { $0 == most })
        for worker in calls.keys.filter({ !pool.slots.workers.contains($0) }) {
            try await eventually("\(worker) has ended") { !TestWorkers.isAlive(worker) }
        }
        try await end(pool)
    }

    @Test func `a cancelled call in a worker ends at once and costs the worker`() async throws {
        let folder = TemporaryFolder()
        let pool = try TestWorkers.pool(1)
        let worker = try await pool.apply(TestWork.processNumber, 0)
        let task = Task { try await pool.apply(TestWork.hang, folder.path("begun")) }
        try await eventually("it has begun") { folder.files() == ["begun"] }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await pool.apply(TestWork.processNumber, 0) != worker)
        try await end(pool)
    }

    @Test func `cancelling at any moment never fails another call`() async throws {
        var generator = SeededGenerator(for: "cancelling at any moment never fails another call")
        let pool = try TestWorkers.pool(2)
        for round in 0..<100 {
            let victim = pool.applyAsync(TestWork.square, round)
            let others = (0..<4).map { pool.applyAsync(TestWork.square, $0) }
            for _ in 0..<Int.random(in: 0..<200, using: &generator) { await Task.yield() }
            victim.cancel()
            for (number, other) in others.enumerated() {
                #expect(try await other.value == number * number)
            }
            do {
                #expect(try await victim.value == round * round)
            } catch {
                #expect(error is CancellationError)
            }
        }
        try await end(pool)
    }

    @Test func `a terminated pool kills its workers and ends every call`() async throws {
        let folder = TemporaryFolder()
        let pool = try TestWorkers.pool(2)
        let busy = pool.applyAsync(TestWork.hang, folder.path("begun"))
        try await eventually("it has begun") { folder.files() == ["begun"] }
        let map = pool.mapAsync(TestWork.double, 0..<10_000, chunkSize: 1)
        pool.terminate()
        await #expect(throws: PoolError.terminated("process pool")) { try await busy.value }
        await #expect(throws: PoolError.terminated("process pool")) { try await map.value }
        await pool.join()
        #expect(pool.slots.workers.isEmpty)
    }

    @Test func `messages of any size travel whole`() async throws {
        let pool = try TestWorkers.pool(1)
        for size in [0, 1, 65_514, 65_515, 65_516, 200_000, 20_000_000] {
            var bytes = [UInt8](repeating: 7, count: size)
            for place in stride(from: 0, to: size, by: 4093) {
                bytes[place] = UInt8(truncatingIfNeeded: place)
            }
            #expect(try await pool.apply(TestWork.echo, bytes) == bytes, "\(size) bytes")
        }
        try await end(pool)
    }

    @Test func `chunks of any size travel whole while others are under way`() async throws {
        let pool = try TestWorkers.pool(2)
        let small = (0..<300).map { [UInt8](repeating: 7, count: $0 % 50) }
        let large = [0, 4000, 4096, 70_000, 3_000_000].map { [UInt8](repeating: 9, count: $0) }
        let mixed = small + large + small + large.reversed() + small
        #expect(try await pool.map(TestWork.echo, mixed, chunkSize: 1) == mixed)
        let sizes = [Int](repeating: 1_000_000, count: 30)
        let grown = try await pool.map(TestWork.bytes, sizes, chunkSize: 1)
        #expect(grown.map(\.count) == sizes, "answers may be larger than what a socket holds")
        try await end(pool)
    }

    @Test func `messages that are too large are refused on either side`() async throws {
        let pool = try TestWorkers.pool(1)
        let size = FrameSocket.maximum + 1
        let there = await #expect(throws: PoolError.self) {
            try await pool.apply(TestWork.echo, [UInt8](repeating: 0, count: size))
        }
        #expect(there == .messageTooLarge(bytes: size + 13))
        let back = await #expect(throws: PoolError.self) {
            try await pool.apply(TestWork.bytes, size)
        }
        #expect(back == .messageTooLarge(bytes: size + 6))
        #expect(try await pool.apply(TestWork.double, 2) == 4, "the worker lives on")
        try await end(pool)
    }

    private func failure(of number: Int) -> PoolError {
        .workFailed(
            function: "root",
            type: "pools_test_worker.TestFailure",
            message: "TestFailure(number: \(number))"
        )
    }

    /// Closes the pool and sees that none of its workers is left, not even unburied.
    private func end(_ pool: ProcessPool) async throws {
        let workers = pool.slots.workers
        pool.close()
        await pool.join()
        #expect(pool.slots.workers.isEmpty)
        let left = TestWorkers.children().filter(workers.contains)
        #expect(left.isEmpty, "workers are left behind")
    }
}
