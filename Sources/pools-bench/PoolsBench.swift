import Pools

/// Measures the pools; `Benchmarks/pools/pools_bench.py` does the same with Python's.
///
/// Prints one line for each row: its name, a tab, a number. `compare.py` puts the two side by side.
@main
struct PoolsBench {
    static let same = WorkFunction("same") { (number: Int) in number }
    static let collatz = WorkFunction("collatz") { (start: Int) in Self.steps(start) }

    /// How many calls each row makes.
    static let calls = 20_000
    static let inputs = 400_000
    static let rounds = 3_000
    /// Blocks of numbers for the CPU work, so that what travels is little beside it.
    static let blockSize = 100
    static let starts = Array(stride(from: 1_000_000, to: 1_360_000, by: blockSize))

    static func main() async throws {
        ProcessPool.runWorkerIfAsked(same, collatz)
        try await threads()
        try await processes()
    }

    static func threads() async throws {
        let pool = try ThreadPool(threads: 2)
        try blocking(
            "threads",
            applyAsync: { number in pool.applyAsync { number } },
            apply: { number in try pool.apply { number } },
            map: { try pool.map($0, chunkSize: $1) { $0 } },
            compute: { try pool.map($0) { Self.steps($0) } }
        )
        try await report(
            "threads imap, calls/s",
            imap(pool.imap(0..<calls, readAhead: 1000) { $0 })
        )
        try await report(
            "threads imap in chunks of 100, inputs/s",
            imap(pool.imap(0..<calls, chunkSize: 100) { $0 })
        )
        pool.close()
        await pool.join()
    }

    static func processes() async throws {
        let pool = try ProcessPool(workers: 2)
        try blocking(
            "processes",
            applyAsync: { pool.applyAsync(same, $0) },
            apply: { try pool.apply(same, $0) },
            map: { try pool.map(same, $0, chunkSize: $1) },
            compute: { try pool.map(collatz, $0) }
        )
        try await report(
            "processes imap, calls/s",
            imap(pool.imap(same, 0..<calls, readAhead: 1000))
        )
        try await report(
            "processes imap in chunks of 100, inputs/s",
            imap(pool.imap(same, 0..<calls, chunkSize: 100))
        )
        pool.close()
        await pool.join()
    }

    static func blocking(
        _ kind: String,
        applyAsync: (Int) -> ResultHandle<Int>,
        apply: (Int) throws -> Int,
        map: ([Int], Int?) throws -> [Int],
        compute: ([Int]) throws -> [Int]
    ) throws {
        _ = try map(Array(0..<1000), 1)
        let apart = try seconds {
            let handles = (0..<calls).map(applyAsync)
            for handle in handles { _ = try handle.get() }
        }
        report("\(kind) applyAsync, calls/s", Double(calls) / apart)
        let one = try seconds { for number in 0..<rounds { _ = try apply(number) } }
        report("\(kind) apply, us a call", one / Double(rounds) * 1e6)
        let single = try seconds { _ = try map(Array(0..<calls), 1) }
        report("\(kind) map in chunks of 1, calls/s", Double(calls) / single)
        let whole = try seconds { _ = try map(Array(0..<inputs), nil) }
        report("\(kind) map in chunks of its own, inputs/s", Double(inputs) / whole)
        var alone: [Int] = []
        let serial = seconds { alone = starts.map(steps) }
        var together: [Int] = []
        let parallel = try seconds { together = try compute(starts) }
        precondition(alone == together, "the pool computed something else")
        report("\(kind) map of CPU work, times as fast as one core", serial / parallel)
        report("\(kind) map of CPU work, s", parallel)
    }

    static func imap(_ outputs: some AsyncSequence<Int, any Error>) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        for try await _ in outputs {}
        return Double(calls) / ((clock.now - start) / .seconds(1))
    }

    static func seconds(_ work: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(work) / .seconds(1)
    }

    static func report(_ row: String, _ number: Double) { print("\(row)\t\(number)") }

    /// Steps of the Collatz sequences of a block down to 1: arithmetic only.
    static func steps(_ block: Int) -> Int {
        var steps = 0
        for start in block..<block + blockSize {
            var number = start
            while number != 1 {
                number = number % 2 == 0 ? number / 2 : 3 * number + 1
                steps += 1
            }
        }
        return steps
    }
}
