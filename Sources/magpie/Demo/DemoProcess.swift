import Foundation
import Synchronization

/// magpie itself, started once more as a process of its own.
struct DemoProcess: Sendable {
    /// How it ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    let arguments: [String]
    /// Where it works.
    let folder: String

    /// Starts it with this process's own output.
    ///
    /// - Parameter meanwhile: What to do while it runs; gets its process id.
    /// - Returns: How it ended.
    /// - Throws: What the system says if it can't be started, or what `meanwhile` throws.
    func run(
        meanwhile: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> Ending {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let (endings, end) = AsyncStream.makeStream(of: Ending.self)
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            end.yield(
                isSignal ? .signal(process.terminationStatus) : .exit(process.terminationStatus)
            )
            end.finish()
        }
        try process.run()
        let pid = process.processIdentifier
        do {
            try await meanwhile(pid)
        } catch {
            kill(pid, SIGKILL)
            throw error
        }
        for await ending in endings { return ending }
        preconditionFailure("a process ends once")
    }
}
