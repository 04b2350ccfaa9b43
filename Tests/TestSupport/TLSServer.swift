import Foundation

/// A TLS server on a free port, with a certificate of its own making.
package struct TLSServer: Sendable {
    /// The port on 127.0.0.1.
    package let port: Int
    /// The file with its certificate, which vouches for itself.
    package let certificate: String
    /// The file with the certificate's key.
    package let key: String
    private let program: RunningProgram
    private let folder: TemporaryFolder

    /// Whether this machine has the command that it takes.
    package static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: command) }
    private static let command = "/usr/bin/openssl"

    private struct NotStarted: Error {}

    /// Makes the certificate and starts the server.
    ///
    /// - Parameters:
    ///   - demandsCertificate: Whether only a client with the same certificate is answered.
    ///   - answer: What it answers whoever asks for `/answer`, head and body; a page about the connection,
    ///     whatever is asked for, unless given.
    /// - Throws: An error if the command does not do that.
    package init(demandsCertificate: Bool = false, answer: String? = nil) async throws {
        let folder = TemporaryFolder()
        let (key, certificate) = (folder.path("key.pem"), folder.path("certificate.pem"))
        let making = try RunningProgram(
            Self.command,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1",
                "-keyout", key, "-out", certificate,
            ]
        )
        guard await making.result().code == 0 else { throw NotStarted() }
        if let answer { try Data(answer.utf8).write(to: URL(filePath: folder.path("answer"))) }
        let program = try RunningProgram(
            Self.command,
            ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate]
                + [answer == nil ? "-www" : "-HTTP"]
                + (demandsCertificate
                    ? ["-Verify", "1", "-verify_return_error", "-CAfile", certificate] : []),
            in: folder.path
        )
        do {
            try await eventually("the server says its port") {
                Self.port(in: program.output) != nil
            }
        } catch {
            program.send(SIGKILL)
            throw error
        }
        (self.key, self.certificate) = (key, certificate)
        (port, self.program, self.folder) = (Self.port(in: program.output) ?? 0, program, folder)
    }

    /// Ends it.
    package func end() { program.send(SIGKILL) }

    private static func port(in output: String) -> Int? {
        output.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }
            .flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
    }
}
