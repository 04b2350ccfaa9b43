import Foundation
import TestSupport
import Testing

@testable import Pools
@testable import pools_test_worker

@Suite(.timeLimit(.minutes(1)))
struct KillTests {
    /// A thousand calls while somebody outside kills a worker every few milliseconds, be it idle, busy or
    /// just starting.
    @Test(arguments: [nil, 5]) func `no call is lost when workers are killed at random`(
        maxTasks: Int?
    ) async throws {
        var generator = SeededGenerator(for: "no call is lost when workers are killed at random")
        let folder = TemporaryFolder()
        let program = try TestWorkers.link("worker", in: folder)
        let pool = try ProcessPool(workers: 2, executable: program, maxTasksPerWorker: maxTasks)
        let killer = Killer(of: program, seed: generator.next())
        let kills = Task { await onThread { killer.run() } }
        var values = 0
        var deaths = 0
        for _ in 0..<10 {
            let calls = (0..<100).map { pool.applyAsync(TestWork.square, $0) }
            for (number, call) in calls.enumerated() {
                do {
                    #expect(try await call.value == number * number)
                    values += 1
                } catch PoolError.workerDied(.signal(SIGKILL)) {
                    deaths += 1
                }
            }
        }
        killer.stop()
        let killed = await kills.value
        #expect(values + deaths == 1000)
        #expect(deaths <= killed, "\(deaths) calls died of \(killed) kills")
        #expect(killed > 10)
        print("\(values) values, \(deaths) deaths, \(killed) kills")
        #expect(try await pool.apply(TestWork.double, 4) == 8, "the pool lives on")
        pool.close()
        await pool.join()
    }

    /// Quick chunks, of which a worker has several at a time.
    @Test func `every map and every iteration ends when workers are killed at random`() async throws
    {
        var generator = SeededGenerator(for: "every map and every iteration ends")
        let folder = TemporaryFolder()
        let program = try TestWorkers.link("worker", in: folder)
        let pool = try ProcessPool(workers: 2, executable: program)
        let killer = Killer(of: program, seed: generator.next())
        let kills = Task { await onThread { killer.run() } }
        let numbers = Array(0..<2000)
        let doubles = numbers.map { 2 * $0 }
        var deaths = 0
        for round in 0..<60 {
            do {
                switch round % 3 {
                case 0:
                    let outputs = try await pool.map(TestWork.double, numbers, chunkSize: 1)
                    #expect(outputs == doubles)
                case 1:
                    var outputs: [Int] = []
                    for try await output in pool.imap(TestWork.double, numbers, readAhead: 100) {
                        outputs.append(output)
                    }
                    #expect(outputs == doubles)
                default:
                    var outputs: Set<Int> = []
                    for try await output in pool.imapUnordered(TestWork.double, numbers) {
                        #expect(outputs.insert(output).inserted)
                    }
                    #expect(outputs == Set(doubles))
                }
            } catch PoolError.workerDied(.signal(SIGKILL)) {
                deaths += 1
            }
        }
        killer.stop()
        let killed = await kills.value
        #expect(deaths > 0 && deaths <= killed, "\(deaths) of 60 ended by \(killed) kills")
        #expect(try await pool.map(TestWork.double, numbers, chunkSize: 1) == doubles)
        pool.close()
        await pool.join()
    }

    @Test func `a map whose worker is killed ends with its death and takes no other along`()
        async throws
    {
        let pool = try TestWorkers.pool(2)
        let folder = TemporaryFolder()
        let doomed = pool.mapAsync(TestWork.hang, [folder.path("begun")])
        let other = pool.mapAsync(TestWork.square, 0..<200, chunkSize: 1)
        try await eventually("it has begun") { folder.files() == ["begun"] }
        // The one whose processor time stands still is not known; both die until the call is over.
        while !doomed.isReady {
            for worker in pool.slots.workers { kill(worker, SIGKILL) }
            await Task.yield()
        }
        await #expect(throws: PoolError.workerDied(.signal(SIGKILL))) { try await doomed.value }
        do {
            #expect(try await other.value == (0..<200).map { $0 * $0 })
        } catch PoolError.workerDied(.signal(SIGKILL)) {}
        #expect(try await pool.apply(TestWork.double, 4) == 8)
        pool.close()
        await pool.join()
    }
}

/// Kills worker processes of this program at random moments, as somebody outside would.
private final class Killer: Sendable {
    private let isStopped = Monitor(false)
    private let program: String
    private let seed: UInt64

    init(of program: String, seed: UInt64) {
        self.program = program
        self.seed = seed
    }

    func stop() { isStopped.withLock { $0 = true } }

    /// How many it has killed when it was told to stop.
    func run() -> Int {
        var generator = SeededGenerator(seed: seed)
        var kills = 0
        while !isStopped.withLock({ $0 }) {
            usleep(.random(in: 1000...8000, using: &generator))
            if let worker = TestWorkers.children().filter(isWorker)
                .randomElement(using: &generator)
            {
                kill(worker, SIGKILL)
                kills += 1
            }
        }
        return kills
    }

    private func isWorker(_ pid: Int32) -> Bool {
        let command = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)
        return command?.hasPrefix(program) ?? false
    }
}
