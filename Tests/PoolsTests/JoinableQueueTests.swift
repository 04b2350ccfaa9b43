import TestSupport
import Testing

@testable import Pools

@Suite(.timeLimit(.minutes(1)))
struct JoinableQueueTests {
    @Test func `elements come out in the order in which they went in`() throws {
        let queue = JoinableQueue<Int>()
        for number in 0..<5000 { try queue.put(number) }
        #expect(queue.count == 5000)
        #expect(queue.getWaiting(atMost: 10) == Array(0..<10))
        #expect((10..<5000).allSatisfy { queue.get() == $0 })
        #expect(queue.getWaiting(atMost: 10).isEmpty)
    }

    @Test func `elements go to the getters in the order in which they began to wait`() async throws
    {
        let queue = JoinableQueue<Int>()
        let notes = Notes<String>()
        let getters = try await start(6) { number in
            if number.isMultiple(of: 2) {
                let element = try await queue.get()
                notes.add("\(number) got \(element ?? -1)")
            } else {
                let element = await onThread { queue.get() }
                notes.add("\(number) got \(element ?? -1)")
            }
        } each: {
            queue.waiting.getters
        }
        for element in 0..<6 {
            try await queue.put(element)
            try await eventually("getter \(element) was served") { notes.all.count == element + 1 }
        }
        #expect(notes.all == (0..<6).map { "\($0) got \($0)" })
        for getter in getters { try await getter.value }
    }

    @Test func `putters wait while the queue is full and are let in in order`() async throws {
        let queue = JoinableQueue<Int>(capacity: 2)
        try await queue.put(100)
        try await queue.put(101)
        let putters = try await start(6) { number in
            if number.isMultiple(of: 2) {
                try await queue.put(number)
            } else {
                try await onThread { Result { try queue.put(number) } }.get()
            }
        } each: {
            queue.waiting.putters
        }
        #expect(queue.count == 2)
        var got: [Int] = []
        for _ in 0..<8 { got.append(try #require(try await queue.get())) }
        #expect(got == [100, 101, 0, 1, 2, 3, 4, 5])
        for putter in putters { try await putter.value }
    }

    @Test func `room made by taking several lets in several putters`() async throws {
        let queue = JoinableQueue<Int>(capacity: 2)
        for number in 0..<2 { try await queue.put(number) }
        let putters = try await start(3) {
            try await queue.put(2 + $0)
        } each: {
            queue.waiting.putters
        }
        #expect(queue.getWaiting(atMost: 3) == [0, 1, 2])
        for putter in putters { try await putter.value }
        #expect(queue.getWaiting(atMost: 3) == [3, 4])
    }

    @Test func `a closed queue gives what is in it and then nothing`() async throws {
        let queue = JoinableQueue<Int>()
        try await queue.put(1)
        queue.close()
        await #expect(throws: PoolError.closed("the queue")) { try await queue.put(2) }
        #expect(try await queue.get() == 1)
        #expect(try await queue.get() == nil)
        #expect(await onThread { queue.get() } == nil)
    }

    @Test func `closing wakes everyone who waits`() async throws {
        let queue = JoinableQueue<Int>(capacity: 1)
        let getters = try await start(4) { number in
            let element =
                number.isMultiple(of: 2) ? try await queue.get() : await onThread { queue.get() }
            #expect(element == nil)
        } each: {
            queue.waiting.getters
        }
        queue.close()
        for getter in getters { try await getter.value }

        let full = JoinableQueue<Int>(capacity: 1)
        try await full.put(1)
        let putters = try await start(4) { number in
            await #expect(throws: PoolError.closed("the queue")) {
                if number.isMultiple(of: 2) {
                    try await full.put(2)
                } else {
                    try await onThread { Result { try full.put(2) } }.get()
                }
            }
        } each: {
            full.waiting.putters
        }
        full.close()
        for putter in putters { try await putter.value }
        #expect(try await full.get() == 1)
    }

    @Test func `join waits for the last report, not for the last element`() async throws {
        let queue = JoinableQueue<Int>()
        try await queue.join()
        for number in 0..<2 { try await queue.put(number) }
        let notes = Notes<String>()
        let joiners = try await start(4) { number in
            if number.isMultiple(of: 2) {
                try await queue.join()
            } else {
                await onThread { queue.join() }
            }
            notes.add("joined")
        } each: {
            queue.waiting.joiners
        }
        _ = queue.getWaiting(atMost: 2)
        queue.taskDone()
        #expect(queue.waiting.joiners == 4)
        notes.add("last")
        queue.taskDone()
        for joiner in joiners { try await joiner.value }
        #expect(notes.all == ["last"] + Array(repeating: "joined", count: 4))
    }

    @Test func `a cancelled task waits no longer`() async throws {
        let queue = JoinableQueue<Int>(capacity: 1)
        let getter = try await start(1) { _ in
            _ = try await queue.get()
        } each: {
            queue.waiting.getters
        }[0]
        getter.cancel()
        await #expect(throws: CancellationError.self) { try await getter.value }

        try await queue.put(1)
        let putter = try await start(1) { _ in
            try await queue.put(2)
        } each: {
            queue.waiting.putters
        }[0]
        putter.cancel()
        await #expect(throws: CancellationError.self) { try await putter.value }

        let joiner = try await start(1) { _ in
            try await queue.join()
        } each: {
            queue.waiting.joiners
        }[0]
        joiner.cancel()
        await #expect(throws: CancellationError.self) { try await joiner.value }

        // What the cancelled putter brought neither came in nor counts as unfinished.
        #expect(queue.getWaiting(atMost: 9) == [1])
        queue.taskDone()
        try await queue.join()
    }

    @Test func `a task that was cancelled before takes nothing`() async throws {
        let queue = JoinableQueue<Int>()
        try await queue.put(1)
        let gate = Gate()
        let task = Task {
            await onThread { gate.pass() }
            return try await queue.get()
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(queue.count == 1)
    }

    /// Producers and consumers, threads and tasks, a third of the tasks cancelled at random moments.
    @Test(arguments: [nil, 1, 3]) func `no element is lost or got twice`(capacity: Int?)
        async throws
    {
        var generator = SeededGenerator(for: "no element is lost or got twice")
        let queue = JoinableQueue<Int>(capacity: capacity)
        let put = Notes<Int>()
        let got = Notes<Int>()
        let consume: @Sendable () async throws -> Void = {
            while let element = try await queue.get() {
                got.add(element)
                queue.taskDone()
            }
        }
        let threads = try ThreadPool(threads: 4)
        let calls = (0..<4).map { part in
            threads.applyAsync {
                if part < 2 {
                    for number in 0..<500 {
                        try queue.put(part * 1000 + number)
                        put.add(part * 1000 + number)
                    }
                } else {
                    while let element = queue.get() {
                        got.add(element)
                        queue.taskDone()
                    }
                }
            }
        }
        var tasks = (0..<30).map { part in
            Task {
                for number in 0..<50 {
                    let element = 10_000 + part * 1000 + number
                    try await queue.put(element)
                    put.add(element)
                }
            }
        }
        tasks += (0..<30).map { _ in Task(operation: consume) }
        tasks.shuffle(using: &generator)
        for task in tasks.prefix(20) {
            for _ in 0..<Int.random(in: 0..<30, using: &generator) { await Task.yield() }
            task.cancel()
        }
        let consumers = (0..<2).map { _ in Task(operation: consume) }
        for call in calls.prefix(2) { try await call.value }
        // A cancelled producer or consumer stops; all else must come through.
        for _ in 0..<1000 { await Task.yield() }
        try await eventually("all is done") { queue.count == 0 && queue.waiting.putters == 0 }
        try await queue.join()
        queue.close()
        for task in tasks { _ = await task.result }
        for consumer in consumers { try await consumer.value }
        for call in calls { try await call.value }
        #expect(got.all.sorted() == put.all.sorted())
        #expect(Set(got.all).count == got.all.count)
        threads.close()
        await threads.join()
    }

    /// Starts tasks one after the other, each once the one before it waits in its line.
    private func start(
        _ count: Int,
        _ body: @escaping @Sendable (Int) async throws -> Void,
        each line: () -> Int
    ) async throws -> [Task<Void, any Error>] {
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<count {
            tasks.append(Task { try await body(number) })
            try await eventually("task \(number) waits") { line() == number + 1 }
        }
        return tasks
    }
}

/// Does something that blocks on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        do {
            try PoolThread.start("test") { continuation.resume(returning: body()) }
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
