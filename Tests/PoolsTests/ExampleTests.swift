import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ExampleTests {
    @Test func `26 letters over two processes and over two threads`() throws {
        let lines = try run("letters")
        try #require(lines.count == 54)
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map {
            "GET \(Character(UnicodeScalar($0))) from queue."
        }
        #expect(lines[0] == "--- two processes ---")
        #expect(lines[1...26].sorted() == letters)
        #expect(lines[27] == "--- two threads ---")
        #expect(lines[28...53].sorted() == letters)
    }

    @Test func `the counter is exact with a lock and not without`() throws {
        let lines = try run("counter")
        try #require(lines.count == 3)
        #expect(lines[0] == "with a lock: 199 threads counted from 1 to 200")
        #expect(lines[1] == "without:     199 threads counted from 1 to 2")
        #expect(lines[2].hasPrefix("Swift 6 does not compile the second one"))
    }

    @Test(arguments: ["pool", "thread-pool"]) func `four methods, of which two block`(
        example: String
    ) throws {
        let parts = try run(example).split { $0.hasPrefix("---") }.map(Array.init)
        try #require(parts.map(\.count) == [21, 12, 7, 7])
        let messages = (0..<10).map { "msg: hello \($0)" }
        let answers = (0..<10).map { "func_return: hello \($0)" }
        let numbers = (1...5).map { "msg: \($0)" }
        let results = "\((1...5).map { "func_return: \($0)" })"

        #expect(parts[0][0] == "applyAsync does not block; ready: false")
        #expect(parts[0][1...10].sorted() == messages)
        #expect(parts[0][11...] == answers[...])

        #expect(parts[1][..<10] == messages[...], "one after the other")
        #expect(parts[1][10...] == ["apply blocks", "\(answers)"])

        #expect(parts[2][..<5].sorted() == numbers)
        #expect(parts[2][5...] == ["map blocks", results])

        #expect(parts[3][0] == "mapAsync does not block; ready: false")
        #expect(parts[3][1...5].sorted() == numbers)
        #expect(parts[3][6] == results)
    }

    @Test func `anything else prints the usage`() throws {
        #expect(try run("letter") == ["usage: pools-examples letters|counter|pool|thread-pool"])
    }

    private func run(_ example: String) throws -> [String] {
        let program = Process()
        program.executableURL = URL(
            fileURLWithPath: BuiltBinary.path(of: "pools-examples")
        )
        program.arguments = [example]
        // The counter without a lock is a race on purpose.
        program.environment = ProcessInfo.processInfo.environment.merging(
            ["TSAN_OPTIONS": "report_bugs=0"]
        ) { $1 }
        let output = Pipe()
        program.standardOutput = output
        try program.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        program.waitUntilExit()
        #expect(program.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
