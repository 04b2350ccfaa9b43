import Testing

@testable import Pools

@Suite(.timeLimit(.minutes(1)))
struct ThreadPoolTests {
    @Test func `a call gives its value to threads and to tasks`() async throws {
        let pool = try ThreadPool(threads: 2)
        #expect(try await pool.apply { 6 * 7 } == 42)
        #expect(try await onThread { Result { try pool.apply { 6 * 7 } } }.get() == 42)
        let handle = pool.applyAsync { "done" }
        #expect(try await handle.value == "done")
        #expect(try await handle.value == "done")
        #expect(handle.isReady && handle.isSuccessful)
    }

    @Test func `a call that throws fails everyone who asks`() async throws {
        let pool = try ThreadPool(threads: 1)
        let handle = pool.applyAsync { throw Odd(number: 3) }
        await #expect(throws: Odd(number: 3)) { try await handle.value }
        #expect(handle.isReady && !handle.isSuccessful)
        let again = await onThread { Result { try handle.get() } }
        #expect(throws: Odd(number: 3)) { try again.get() }
    }

    @Test func `waiting with a timeout tells whether the call is over`() async throws {
        let pool = try ThreadPool(threads: 1)
        let gate = Gate()
        let handle = pool.applyAsync { gate.pass() }
        let early = await onThread {
            (handle.wait(timeout: .zero), Result { try handle.get(timeout: .milliseconds(1)) })
        }
        #expect(!early.0 && !handle.isReady)
        #expect(throws: PoolError.timedOut(.milliseconds(1))) { try early.1.get() }
        gate.open()
        #expect(await onThread { handle.wait(timeout: .seconds(50)) })
        #expect(await onThread { handle.wait(timeout: .seconds(Int64.max)) })
    }

    @Test func `calls begin in the order in which they were submitted`() async throws {
        let pool = try ThreadPool(threads: 1)
        let gate = Gate()
        let notes = Notes<Int>()
        let first = pool.applyAsync { gate.pass() }
        let calls = (0..<3000).map { number in pool.applyAsync { notes.add(number) } }
        gate.open()
        try await first.value
        for call in calls { try await call.value }
        #expect(notes.all == Array(0..<3000))
    }

    @Test func `a long map lets other callers in between`() async throws {
        let pool = try ThreadPool(threads: 1)
        let notes = Notes<String>()
        let gate = Gate()
        let map = pool.mapAsync(0..<100, chunkSize: 1) { number in
            if number == 0 { gate.pass() }
            notes.add("map")
        }
        let call = pool.applyAsync { notes.add("call") }
        gate.open()
        try await call.value
        _ = try await map.value
        let place = try #require(notes.all.firstIndex(of: "call"))
        #expect(place <= 4, "the call waits for the two chunks in flight, not for a hundred")
    }

    @Test(arguments: [1, 2, 3]) func `a call may wait for calls of its own pool`(threads: Int)
        async throws
    {
        let pool = try ThreadPool(threads: threads)
        let sum = try await pool.apply { try Self.sum(0..<64, on: pool) }
        #expect(sum == 2016)
        let nested = try await pool.map(0..<20, chunkSize: 1) { row in
            try pool.map(0..<20, chunkSize: 3) { row * $0 }.reduce(0, +)
        }
        #expect(nested == (0..<20).map { 190 * $0 })
    }

    @Test func `a cancelled call never begins, and one that has begun goes on`() async throws {
        let pool = try ThreadPool(threads: 1)
        let gate = Gate()
        let running = pool.applyAsync {
            gate.pass()
            return "over"
        }
        gate.awaitArrivals(1)
        let waiting = pool.applyAsync { Issue.record("it was cancelled") }
        waiting.cancel()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        gate.open()
        #expect(try await running.value == "over")
        running.cancel()
        #expect(running.isSuccessful)
    }

    @Test func `cancelling the task that awaits cancels the call`() async throws {
        let pool = try ThreadPool(threads: 1)
        let gate = Gate()
        let blocker = pool.applyAsync { gate.pass() }
        let task = Task { try await pool.apply { Issue.record("it was cancelled") } }
        let map = Task { try await pool.map(0..<9) { _ in Issue.record("it was cancelled") } }
        task.cancel()
        map.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: CancellationError.self) { try await map.value }
        gate.open()
        try await blocker.value
    }

    @Test func `a closed pool does what it accepted and takes no more`() async throws {
        let pool = try ThreadPool(threads: 2, name: "mill")
        let gate = Gate()
        let blockers = (0..<2).map { _ in pool.applyAsync { gate.pass() } }
        let map = pool.mapAsync(0..<100, chunkSize: 1) { $0 }
        pool.close()
        gate.open()
        await #expect(throws: PoolError.closed("mill")) { try await pool.apply { 1 } }
        await #expect(throws: PoolError.closed("mill")) { try await pool.map([1]) { $0 } }
        await #expect(throws: PoolError.closed("mill")) {
            for try await _ in pool.imap([1], { $0 }) {}
        }
        await pool.join()
        #expect(map.isReady && blockers.allSatisfy(\.isSuccessful))
        #expect(try await map.value == Array(0..<100))
        await pool.join()
        await onThread { pool.join() }
    }

    @Test func `a terminated pool drops what has not begun`() async throws {
        let pool = try ThreadPool(threads: 1, name: "mill")
        let gate = Gate()
        let running = pool.applyAsync { gate.pass() }
        gate.awaitArrivals(1)
        let waiting = pool.applyAsync { Issue.record("it was dropped") }
        let map = pool.mapAsync(0..<100) { _ in Issue.record("it was dropped") }
        pool.terminate()
        await #expect(throws: PoolError.terminated("mill")) { try await waiting.value }
        await #expect(throws: PoolError.terminated("mill")) { try await map.value }
        await #expect(throws: PoolError.terminated("mill")) { try await pool.apply { 1 } }
        gate.open()
        await pool.join()
        #expect(running.isSuccessful)
    }

    @Test func `a terminated pool does not wait for iterations`() async throws {
        let pool = try ThreadPool(threads: 2, name: "mill")
        var outputs = pool.imap(0...) { $0 }.makeAsyncIterator()
        #expect(try await outputs.next() == 0)
        pool.terminate()
        await pool.join()
        await #expect(throws: PoolError.terminated("mill")) {
            while let output = try await outputs.next() { #expect(output < 100) }
        }
    }

    /// A thread in `join` must not swallow the wake that is meant for a thread of the pool.
    @Test func `an iteration goes on while threads are joining`() async throws {
        for _ in 0..<20 {
            let pool = try ThreadPool(threads: 2)
            var outputs = pool.imap(0..<50, readAhead: 1) { $0 }.makeAsyncIterator()
            #expect(try await outputs.next() == 0)
            pool.close()
            let joiners = (0..<8).map { _ in Task { await onThread { pool.join() } } }
            var last = 0
            while let output = try await outputs.next() { last = output }
            #expect(last == 49)
            for joiner in joiners { await joiner.value }
        }
    }

    @Test func `a pool that is let go does what it accepted and ends`() async throws {
        let notes = Notes<Int>()
        let ended = Gate()
        var pool: ThreadPool? = try ThreadPool(threads: 1, name: "mill") {
            ended.pass()
        }
        let gate = Gate()
        let call = pool?.applyAsync { gate.pass() }
        let more = (0..<10).map { number in pool?.applyAsync { notes.add(number) } }
        pool = nil
        gate.open()
        try await call?.value
        for call in more { try await call?.value }
        #expect(notes.all == Array(0..<10))
        await onThread { ended.awaitArrivals(1) }
        ended.open()
    }

    @Test func `a task that prefers the pool runs on its threads`() async throws {
        let pool = try ThreadPool(threads: 2)
        let queue = pool.queue
        await withTaskExecutorPreference(pool) {
            for _ in 0..<50 {
                #expect(queue.isOnOwnThread)
                await Task.yield()
            }
        }
        #expect(!queue.isOnOwnThread)
        pool.close()
        await pool.join()
    }

    private static func sum(_ range: Range<Int>, on pool: ThreadPool) throws -> Int {
        guard range.count > 1 else { return range.lowerBound }
        let middle = range.lowerBound + range.count / 2
        let left = pool.applyAsync { try sum(range.lowerBound..<middle, on: pool) }
        let right = pool.applyAsync { try sum(middle..<range.upperBound, on: pool) }
        return try left.get() + right.get()
    }
}

/// What tests throw.
struct Odd: Error, Equatable {
    let number: Int
}
