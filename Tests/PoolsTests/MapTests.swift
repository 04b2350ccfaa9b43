import TestSupport
import Testing

@testable import Pools

@Suite(.timeLimit(.minutes(1)))
struct MapTests {
    @Test func `map keeps order for any chunk size`() async throws {
        var generator = SeededGenerator(for: "map keeps order for any chunk size")
        for _ in 0..<200 {
            let pool = try ThreadPool(threads: .random(in: 1...4, using: &generator))
            let count = Int.random(in: 0...100, using: &generator)
            let chunkSize = [nil, Int.random(in: 1...120, using: &generator)][
                Int.random(in: 0...1, using: &generator)
            ]
            let outputs = try await pool.map(0..<count, chunkSize: chunkSize) { -$0 }
            #expect(outputs == (0..<count).map { -$0 }, "\(count) in chunks of \(chunkSize ?? 0)")
        }
    }

    /// Whichever fails first in time, the error is that of the first in order.
    @Test func `map ends with the error of the first failing input`() async throws {
        var generator = SeededGenerator(for: "map ends with the error of the first failing input")
        let pool = try ThreadPool(threads: 3)
        for _ in 0..<300 {
            let count = Int.random(in: 1...60, using: &generator)
            let chunkSize = Int.random(in: 1...20, using: &generator)
            let failing = Set((0..<3).map { _ in Int.random(in: 0..<count, using: &generator) })
            let first = try #require(failing.min())
            await #expect(throws: Odd(number: first), "\(count) in \(chunkSize), \(failing)") {
                try await pool.map(0..<count, chunkSize: chunkSize) { number in
                    if failing.contains(number) { throw Odd(number: number) }
                    return number
                }
            }
        }
    }

    @Test func `a failed map does not begin what comes after the failure`() async throws {
        let pool = try ThreadPool(threads: 1)
        let notes = Notes<Int>()
        await #expect(throws: Odd(number: 3)) {
            try await pool.map(0..<1000, chunkSize: 1) { number in
                notes.add(number)
                if number == 3 { throw Odd(number: number) }
            }
        }
        #expect(notes.all == [0, 1, 2, 3])
    }

    @Test(arguments: [1, 2, 7, 100]) func `imap keeps order`(chunkSize: Int) async throws {
        let pool = try ThreadPool(threads: 3)
        for readAhead in [1, 2, 50] {
            var outputs: [Int] = []
            for try await output in pool.imap(
                0..<99,
                chunkSize: chunkSize,
                readAhead: readAhead,
                { -$0 }
            ) {
                outputs.append(output)
            }
            #expect(outputs == (0..<99).map { -$0 })
        }
    }

    @Test func `imapUnordered gives what is ready while others still run`() async throws {
        let pool = try ThreadPool(threads: 2)
        let gate = Gate()
        var outputs: [Int] = []
        let all = pool.imapUnordered(0..<6, readAhead: 6) { number in
            if number == 0 { gate.pass() }
            return number
        }
        for try await output in all {
            outputs.append(output)
            if outputs.count == 5 { gate.open() }
        }
        #expect(outputs == [1, 2, 3, 4, 5, 0], "in the order in which they were ready")
    }

    @Test(arguments: [true, false]) func `imap reads no further ahead than it may`(isOrdered: Bool)
        async throws
    {
        let pool = try ThreadPool(threads: 2)
        let read = Notes<Int>()
        let inputs = sequence(first: 0) { number in
            read.add(number + 1)
            return number + 1
        }
        try await #require(
            take(10, of: Numbers(sequence: inputs), pool, isOrdered: isOrdered) { count in
                #expect(read.all.count <= count + 3 * 2 + 2)
            } == 10
        )
        let before = read.all.count
        pool.close()
        await pool.join()
        #expect(read.all.count == before, "an iteration that was left reads on")
    }

    @Test func `imap ends at a failure, after the outputs before it`() async throws {
        let pool = try ThreadPool(threads: 3)
        var outputs: [Int] = []
        var iterator = pool.imap(0..., chunkSize: 2) { number in
            if number >= 7 { throw Odd(number: number) }
            return number
        }.makeAsyncIterator()
        let error = await #expect(throws: Odd.self) {
            while let output = try await iterator.next() { outputs.append(output) }
        }
        #expect(error == Odd(number: 7))
        #expect(outputs == [0, 1, 2, 3, 4, 5])
        #expect(try await iterator.next() == nil)
    }

    @Test(arguments: [1, 4]) func `a cancelled iteration never looks complete`(readAhead: Int)
        async throws
    {
        let pool = try ThreadPool(threads: 1)
        for cut in 0..<30 {
            let notes = Notes<Int>()
            let task = Task {
                for try await output in pool.imap(0..<1000, readAhead: readAhead, { $0 }) {
                    notes.add(output)
                    if output == cut { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(notes.all.count <= cut + 1 + readAhead)
        }
    }

    @Test func `an iteration may begin anew`() async throws {
        let pool = try ThreadPool(threads: 2)
        let squares = pool.imap(1...4) { $0 * $0 }
        for _ in 0..<2 {
            var sum = 0
            for try await square in squares { sum += square }
            #expect(sum == 30)
        }
    }

    private func take(
        _ count: Int,
        of inputs: Numbers,
        _ pool: ThreadPool,
        isOrdered: Bool,
        _ each: (Int) -> Void
    ) async throws -> Int {
        var taken = 0
        let outputs: any AsyncSequence<Int, any Error> =
            isOrdered
            ? pool.imap(inputs, chunkSize: 2, readAhead: 3) { $0 }
            : pool.imapUnordered(inputs, chunkSize: 2, readAhead: 3) { $0 }
        for try await _ in outputs {
            taken += 1
            each(taken)
            if taken == count { break }
        }
        return taken
    }
}

/// Inputs that are noted as they are read.
///
/// `@unchecked Sendable`: the sequence is a value whose closure notes under a lock.
private struct Numbers: Sequence, @unchecked Sendable {
    let sequence: UnfoldFirstSequence<Int>

    func makeIterator() -> UnfoldFirstSequence<Int> { sequence }
}
