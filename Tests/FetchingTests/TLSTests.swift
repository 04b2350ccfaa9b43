import CrawlModel
import Fetching
import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    @Test(.enabled(if: TLSServer.isPossible, "needs the openssl command"))
    func `a certificate that nobody vouches for is refused`() async throws {
        let server = try await TLSServer()
        defer { server.end() }
        let fetcher = try Fetcher()
        defer { fetcher.shutdown() }
        let address = "https://127.0.0.1:\(server.port)/"
        let sink = RecordingSink()
        let request = FetchRequest(address: try WebAddress(address), bodyBytesMax: 1000)
        let fetched = Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
        #expect(fetched.errorClass == .tls)
        #expect(fetched.failure?.status == nil)
        #expect(sink.endings == [.abandoned])
        // Nor does a redirect get around it.
        try await SampleSite.serve { site in
            site.fault(.redirect(to: address), at: "/")
            let redirected = try await fetcher.fetch("/", of: site)
            #expect(redirected.errorClass == .tls)
        }
    }
}

/// A TLS server on a free port, with a certificate of its own making.
private struct TLSServer {
    let port: Int
    private let process: Process
    private let folder: TemporaryFolder

    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: command) }
    private static let command = "/usr/bin/openssl"

    struct NotStarted: Error {}

    init() async throws {
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
        (self.port, self.process, self.folder) = (port, process, folder)
    }

    /// Ends it for sure: where the test process has SIGTERM blocked, so has what it starts.
    func end() { kill(process.processIdentifier, SIGKILL) }

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
