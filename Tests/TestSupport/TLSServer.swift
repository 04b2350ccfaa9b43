import Foundation

/// A TLS server on a free port, with a certificate of its own making.
package struct TLSServer: Sendable {
    /// The port on 127.0.0.1.
    package let port: Int
    private let id: pid_t
    private let folder: TemporaryFolder

    /// Whether this machine has the command that it takes.
    package static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: command) }
    private static let command = "/usr/bin/openssl"

    private struct NotStarted: Error {}

    /// Makes the certificate and starts the server.
    ///
    /// - Throws: An error if the command does not do that.
    package init() async throws {
        let folder = TemporaryFolder()
        let (key, certificate) = (folder.path("key.pem"), folder.path("certificate.pem"))
        let making = try Self.start([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1",
            "-keyout", key, "-out", certificate,
        ])
        // It ends by itself, when its output does.
        _ = await Self.firstLine(of: making.output) { _ in nil as Int? }
        let (process, output) = try Self.start([
            "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www",
        ])
        let port = await Self.firstLine(of: output) { line in
            line.hasPrefix("ACCEPT ") ? line.split(separator: ":").last.flatMap { Int($0) } : nil
        }
        guard let port else {
            kill(process.processIdentifier, SIGKILL)
            throw NotStarted()
        }
        (self.port, id, self.folder) = (port, process.processIdentifier, folder)
    }

    /// Ends it for sure: where the test process has SIGTERM blocked, so has what it starts.
    package func end() { kill(id, SIGKILL) }

    private static func start(_ arguments: [String]) throws -> (
        process: Process, output: FileHandle
    ) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }

    /// Reads lines until one of them has what is looked for; `nil` at the end.
    private static func firstLine<Found: Sendable>(
        of output: FileHandle,
        _ find: @escaping @Sendable (Substring) -> Found?
    ) async -> Found? {
        await withCheckedContinuation { continuation in
            // A thread of its own, since it blocks.
            Thread.detachNewThread {
                var text = ""
                while true {
                    let data = output.availableData
                    text += String(decoding: data, as: UTF8.self)
                    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                    let found = lines.dropLast().lazy.compactMap(find).first
                    if found != nil || data.isEmpty { return continuation.resume(returning: found) }
                }
            }
        }
    }
}
