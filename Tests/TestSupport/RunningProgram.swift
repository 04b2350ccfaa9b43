import CTestSupport
import Foundation

/// A program that was started by a test, with its output in files, so that no pipe fills up.
///
/// It is started by `posix_spawn` and not by Foundation's `Process`, which crashes when it is used some
/// hundred times from several threads.
package final class RunningProgram: Sendable {
    /// How it ended and what it wrote.
    package struct Result: Sendable {
        /// The exit code; `nil` if a signal ended it.
        package let code: Int32?
        /// The signal that ended it.
        package let signal: Int32?
        /// Standard output.
        package let output: String
        /// Standard error.
        package let errors: String
    }

    /// Its process id.
    package let pid: Int32
    private let folder: TemporaryFolder
    private let statuses: AsyncStream<Int32>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The program; a bare name is looked up in `PATH`.
    ///   - arguments: Its arguments.
    ///   - environment: What to add to this process's environment.
    ///   - workingFolder: Where it works; this process's own if `nil`.
    /// - Throws: `CannotStart`.
    package init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        in workingFolder: String? = nil
    ) throws {
        let folder = TemporaryFolder()
        self.folder = folder
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pid = try Self.spawn(
            [path] + arguments,
            environment: all.map { "\($0.key)=\($0.value)" },
            output: folder,
            in: workingFolder ?? FileManager.default.currentDirectoryPath
        )
        self.pid = pid
        let (statuses, end) = AsyncStream.makeStream(of: Int32.self)
        self.statuses = statuses
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            end.yield(status)
            end.finish()
        }
    }

    private static func spawn(
        _ arguments: [String],
        environment: [String],
        output: TemporaryFolder,
        in workingFolder: String
    ) throws -> pid_t {
        var words = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for word in words + variables { free(word) } }
        var pid: pid_t = 0
        let number = test_spawn(
            &words,
            &variables,
            workingFolder,
            output.path("out"),
            output.path("err"),
            &pid
        )
        guard number == 0 else { throw CannotStart(program: arguments[0], errno: number) }
        return pid
    }

    /// Sends it a signal.
    package func send(_ signal: Int32) { kill(pid, signal) }

    /// What it has written to standard output by now.
    package var output: String { text("out") }

    /// What it has written to standard error by now.
    package var errors: String { text("err") }

    /// Waits for its end; once only.
    package func result() async -> Result {
        for await status in statuses {
            let signal = status & 0x7F
            return Result(
                code: signal == 0 ? status >> 8 & 0xFF : nil,
                signal: signal == 0 ? nil : signal,
                output: text("out"),
                errors: text("err")
            )
        }
        preconditionFailure("the end of a program can be waited for once")
    }

    private func text(_ name: String) -> String {
        let bytes = FileManager.default.contents(atPath: folder.path(name)) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program that the system would not start.
package struct CannotStart: Error {
    let program: String
    let errno: Int32
}
