import Pools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// applyAsync, apply, map and mapAsync, with processes and with threads.
enum FourMethods {
    static let answer = WorkFunction("answer") { (message: String) in reply(message, slowly: false)
    }
    static let answerSlowly = WorkFunction("answerSlowly") { (message: String) in
        reply(message, slowly: true)
    }

    /// What the workers do.
    @Sendable private static func reply(_ message: String, slowly: Bool) -> String {
        if slowly { usleep(300_000) }
        say("msg: \(message)")
        return "func_return: \(message)"
    }

    static func withProcesses() throws {
        let pool = try ProcessPool(workers: 5)
        try show(
            applyAsync: { pool.applyAsync(answerSlowly, $0) },
            apply: { try pool.apply(answer, $0) },
            map: { try pool.map(answer, $0) },
            mapAsync: { pool.mapAsync(answerSlowly, $0) }
        )
        pool.close()
        pool.join()
    }

    static func withThreads() throws {
        let pool = try ThreadPool(threads: 5)
        try show(
            applyAsync: { message in pool.applyAsync { reply(message, slowly: true) } },
            apply: { message in try pool.apply { reply(message, slowly: false) } },
            map: { messages in try pool.map(messages) { reply($0, slowly: false) } },
            mapAsync: { messages in pool.mapAsync(messages) { reply($0, slowly: true) } }
        )
        pool.close()
        pool.join()
    }

    /// The two that give a handle come back while the work goes on; the two that give values when it is done.
    private static func show(
        applyAsync: (String) -> ResultHandle<String>,
        apply: (String) throws -> String,
        map: ([String]) throws -> [String],
        mapAsync: ([String]) -> ResultHandle<[String]>
    ) throws {
        let messages = (0..<10).map { "hello \($0)" }

        say("--- applyAsync ---")
        let handles = messages.map(applyAsync)
        say("applyAsync does not block; ready: \(handles.allSatisfy(\.isReady))")
        for handle in handles { handle.wait() }
        for handle in handles where handle.isReady && handle.isSuccessful {
            say(try handle.get())
        }

        say("--- apply ---")
        let answers = try messages.map(apply)
        say("apply blocks")
        say("\(answers)")

        say("--- map ---")
        let numbers = (1...5).map(String.init)
        let mapped = try map(numbers)
        say("map blocks")
        say("\(mapped)")

        say("--- mapAsync ---")
        let handle = mapAsync(numbers)
        say("mapAsync does not block; ready: \(handle.isReady)")
        handle.wait()
        if handle.isReady && handle.isSuccessful { say("\(try handle.get())") }
    }
}
