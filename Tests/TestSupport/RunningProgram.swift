package import Foundation

/// A program that was started by a test, with its output in files, so that no pipe fills up.
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
    package let pid: pid_t
    private let folder: TemporaryFolder
    private let endings: AsyncStream<(code: Int32?, signal: Int32?)>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The program; a bare name is looked up in `PATH`.
    ///   - arguments: Its arguments.
    ///   - environment: What to add to this process's environment.
    ///   - workingFolder: Where it works; this process's own if `nil`.
    /// - Throws: What the system says if it can't be started.
    package init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        in workingFolder: String? = nil
    ) throws {
        folder = TemporaryFolder()
        for name in ["out", "err"] { try Data().write(to: URL(fileURLWithPath: folder.path(name))) }
        let process = Process()
        let isName = !path.contains("/")
        process.executableURL = URL(fileURLWithPath: isName ? "/usr/bin/env" : path)
        process.arguments = isName ? [path] + arguments : arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: folder.path("out"))
        process.standardError = FileHandle(forWritingAtPath: folder.path("err"))
        if let workingFolder {
            process.currentDirectoryURL = URL(fileURLWithPath: workingFolder)
        }
        let (endings, end) = AsyncStream.makeStream(of: (code: Int32?, signal: Int32?).self)
        self.endings = endings
        process.terminationHandler = { process in
            let status = process.terminationStatus
            let isSignal = process.terminationReason == .uncaughtSignal
            end.yield(isSignal ? (nil, status) : (status, nil))
            end.finish()
        }
        try process.run()
        pid = process.processIdentifier
    }

    /// Sends it a signal.
    package func send(_ signal: Int32) { kill(pid, signal) }

    /// What it has written to standard output by now.
    package var output: String { text("out") }

    /// What it has written to standard error by now.
    package var errors: String { text("err") }

    /// Waits for its end; once only.
    package func result() async -> Result {
        for await ending in endings {
            return Result(
                code: ending.code,
                signal: ending.signal,
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
