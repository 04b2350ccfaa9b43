import CTestSupport
import Foundation
import Synchronization

/// A program that was started by a test on a terminal of its own.
package final class TerminalProgram: Sendable {
    /// Its process id.
    package let pid: Int32
    private let terminal: Int32
    private let screen: Mutex<TerminalScreen>
    private let codes: AsyncStream<Int32>

    /// Starts the built magpie.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - columns: How wide the terminal is.
    ///   - environment: What to add to this process's environment.
    ///   - folder: Where it works.
    /// - Throws: `CannotStart`.
    package init(
        _ arguments: [String],
        columns: Int,
        environment: [String: String] = [:],
        in folder: String
    ) throws {
        let program = BuiltBinary.path(of: "magpie")
        var all = ProcessInfo.processInfo.environment
        all["NO_COLOR"] = nil
        all.merge(["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]) { $1 }
        all.merge(environment) { $1 }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var (other, child): (Int32, pid_t) = (-1, 0)
        let number = test_spawn_on_terminal(
            &words,
            &variables,
            folder,
            Int32(columns),
            40,
            &other,
            &child
        )
        guard number == 0 else { throw CannotStart(program: program, errno: number) }
        (pid, terminal) = (child, other)
        screen = Mutex(TerminalScreen(columns: columns))
        let (codes, end) = AsyncStream.makeStream(of: Int32.self)
        self.codes = codes
        Thread.detachNewThread { [self] in
            readToTheEnd()
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            close(terminal)
            end.yield(status & 0x7F == 0 ? status >> 8 & 0xFF : -1)
            end.finish()
        }
    }

    /// What its screen shows.
    package var lines: [String] { screen.withLock { $0.lines } }

    /// Whether it asked for colours.
    package var usedColours: Bool { screen.withLock { $0.usedColours } }

    /// Orders that its screen does not know.
    package var unknownOrders: [String] { screen.withLock { $0.unknownOrders } }

    /// Changes the size of its terminal; what it wrote before is taken with the old one.
    package func resize(columns: Int) {
        screen.withLock { screen in
            screen.resize(columns: columns)
            _ = test_resize(terminal, Int32(columns), 40)
        }
    }

    /// Sends it a signal.
    package func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for its end; once only.
    ///
    /// - Returns: Its exit code; -1 if a signal ended it.
    package func code() async -> Int32 {
        for await code in codes { return code }
        preconditionFailure("the end of a program can be waited for once")
    }

    private func readToTheEnd() {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(terminal, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            // When nobody has the other end any more, reading it is an error.
            guard count > 0 else { return }
            screen.withLock { $0.feed(buffer[..<count]) }
        }
    }
}
