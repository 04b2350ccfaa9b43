import Foundation
import TestSupport
import Testing

@testable import Pools
@testable import pools_test_worker

/// What a worker process inherits, and when it ends.
@Suite(.timeLimit(.minutes(1)))
struct WorkerTests {
    @Test func `a worker has the standard streams, its socket and nothing else`() async throws {
        let folder = TemporaryFolder()
        // Some that close on exec and one that would be inherited.
        let file = open(folder.path("open"), O_CREAT | O_RDWR, 0o600)
        let copy = fcntl(file, F_DUPFD, 200)
        defer {
            close(file)
            close(copy)
        }
        #expect(fcntl(copy, F_GETFD) & FD_CLOEXEC == 0)
        let pool = try TestWorkers.pool(3)
        let busy = pool.applyAsync(TestWork.hang, folder.path("begun"))
        try await eventually("it has begun") { folder.files().contains("begun") }
        #expect(try await pool.apply(TestWork.descriptors, 0) == [0, 1, 2, 3])
        #expect(try await pool.apply(TestWork.readsNothing, 0))
        #expect(try await pool.apply(TestWork.quietSignals, 0).isEmpty)
        busy.cancel()
        pool.close()
        await pool.join()
    }

    @Test func `a pool gives its descriptors back`() async throws {
        // Of its own program: other tests open and close descriptors in this one meanwhile.
        let stop = await #expect(processExitsWith: .success) {
            try await WorkerTests.usePool()
            let before = try WorkerTests.descriptors()
            for _ in 0..<5 { try await WorkerTests.usePool() }
            guard try WorkerTests.descriptors() == before else { exit(EXIT_FAILURE) }
            guard TestWorkers.children().isEmpty else { exit(EXIT_FAILURE) }
        }
        _ = stop
    }

    @Test func `what workers say on standard error is passed on`() async throws {
        let stop = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let pool = try TestWorkers.pool(1)
            _ = try await pool.apply(TestWork.complain, "said by a worker")
            pool.close()
            await pool.join()
        }
        let said = String(decoding: try #require(stop).standardErrorContent, as: UTF8.self)
        #expect(said.contains("said by a worker"))
    }

    @Test func `workers end when the program is killed`() async throws {
        let folder = TemporaryFolder()
        let program = Process()
        program.executableURL = URL(fileURLWithPath: TestWorkers.executable)
        program.arguments = [folder.path("begun")]
        let output = Pipe()
        program.standardOutput = output
        try program.run()
        let idle = try #require(Int32(try line(of: output)))
        try await eventually("the other worker is busy") { folder.files() == ["begun"] }
        let workers = TestWorkers.children(of: program.processIdentifier)
        #expect(workers.count == 2 && workers.contains(idle))
        kill(program.processIdentifier, SIGKILL)
        program.waitUntilExit()
        for worker in workers {
            try await eventually("worker \(worker) has ended") { !TestWorkers.isAlive(worker) }
        }
    }

    @Test(
        arguments: [
            ("/nowhere/worker", "No such file or directory"),
            ("/bin/true", "it ended before it was ready: exited with code 0"),
            ("/bin/false", "it ended before it was ready: exited with code 1"),
        ]
    )
    func `a program that is no worker is an error of the call`(
        path: String,
        reason: String
    ) async throws {
        let pool = try ProcessPool(workers: 2, executable: path)
        await #expect(throws: PoolError.workerDidNotStart("\(path): \(reason)")) {
            try await pool.apply(TestWork.double, 1)
        }
        await #expect(throws: PoolError.workerDidNotStart("\(path): \(reason)")) {
            try await pool.map(TestWork.double, [1])
        }
        pool.close()
        await pool.join()
    }

    @Test func `a program that never gets ready is given up and killed`() async throws {
        let folder = TemporaryFolder()
        let path = try TestWorkers.link(Misbehaviour.neverReady.rawValue, in: folder)
        let slots = WorkerSlots(
            name: "mill",
            executable: path,
            workers: 1,
            startLimit: 1,
            maxTasksPerWorker: nil
        )
        let pool = try ProcessPool(workers: 1, slots: slots, name: "mill")
        let error = await #expect(throws: PoolError.self) {
            try await pool.apply(TestWork.double, 1)
        }
        #expect(error == .workerDidNotStart("\(path): it was not ready within 1 s"))
        pool.close()
        await pool.join()
    }

    @Test func `terminating does not wait for a program that never gets ready`() async throws {
        let folder = TemporaryFolder()
        let path = try TestWorkers.link(Misbehaviour.neverReady.rawValue, in: folder)
        let pool = try ProcessPool(workers: 1, executable: path, name: "mill")
        let call = pool.applyAsync(TestWork.double, 1)
        try await eventually("it has started") { folder.files().contains("started") }
        pool.terminate()
        await #expect(throws: PoolError.terminated("mill")) { try await call.value }
        await pool.join()
    }

    @Test func `a worker killed while it starts costs no call`() async throws {
        let folder = TemporaryFolder()
        let path = try TestWorkers.link(Misbehaviour.killedTwice.rawValue, in: folder)
        let pool = try ProcessPool(workers: 1, executable: path)
        #expect(try await pool.apply(TestWork.double, 1) == 2)
        pool.close()
        await pool.join()
    }

    private static func usePool() async throws {
        let pool = try TestWorkers.pool(2, maxTasks: 3)
        _ = try await pool.map(TestWork.double, 0..<20, chunkSize: 1)
        _ = try? await pool.apply(TestWork.signal, SIGKILL)
        _ = try? await ProcessPool(workers: 1, executable: "/nowhere").apply(TestWork.double, 1)
        pool.close()
        await pool.join()
    }

    private static func descriptors() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").sorted()
    }

    private func line(of output: Pipe) throws -> String {
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
