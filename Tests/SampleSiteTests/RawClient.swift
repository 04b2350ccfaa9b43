internal import FlyingSocks
import Foundation
import SampleSite

/// A client that sees what a well-behaved one hides: the very bytes, and how the connection ended.
final class RawClient: Sendable {
    enum Ending: Equatable {
        case closed, reset
    }

    private let socket: AsyncSocket

    /// Connects to a site.
    init(_ site: SampleSite, host: String = "127.0.0.1") async throws {
        socket = try await .connected(to: .inet(ip4: host, port: site.port), timeout: 120)
    }

    deinit { try? socket.close() }

    /// Connects, asks once and reads to the end of the connection.
    static func fetchToEnd(_ target: String, of site: SampleSite) async throws -> ([UInt8], Ending)
    {
        let client = try await RawClient(site)
        try await client.ask(target)
        return try await client.readToEnd()
    }

    /// Connects, asks once and reads the answer.
    static func fetch(
        _ target: String,
        of site: SampleSite,
        _ headers: KeyValuePairs<String, String> = [:]
    ) async throws -> RawResponse {
        let client = try await RawClient(site)
        return try await client.fetch(target, headers)
    }

    /// Asks and reads the answer; the connection can be used again.
    func fetch(
        _ target: String,
        _ headers: KeyValuePairs<String, String> = [:]
    ) async throws -> RawResponse {
        try await ask(target, headers)
        return try await readResponse()
    }

    /// Sends a request.
    func ask(_ target: String, _ headers: KeyValuePairs<String, String> = [:]) async throws {
        var text = "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        try await send("\(text)\r\n")
    }

    /// Sends bytes that may be no request.
    func send(_ text: String) async throws { try await socket.write(Data(text.utf8)) }

    /// Reads an answer that has a `Content-Length`.
    func readResponse() async throws -> RawResponse {
        var head = ""
        while !head.hasSuffix("\r\n\r\n") {
            head.unicodeScalars.append(Unicode.Scalar(try await socket.read()))
        }
        let response = RawResponse(head: head)
        let length = response["Content-Length"].flatMap(Int.init) ?? 0
        return RawResponse(head: head, body: try await read(length))
    }

    /// Reads so many bytes.
    func read(_ count: Int) async throws -> [UInt8] { try await socket.read(bytes: count) }

    /// Reads until the other side ends the connection.
    func readToEnd() async throws -> ([UInt8], Ending) {
        var bytes: [UInt8] = []
        while true {
            do {
                bytes += try await socket.read(atMost: 4096)
            } catch SocketError.disconnected {
                // A pool reports a reset and a close alike, and perhaps before the last bytes are
                // read.
                return try readRest(after: bytes)
            } catch SocketError.failed(_, ECONNRESET, _) {
                return (bytes, .reset)
            }
        }
    }

    private func readRest(after begin: [UInt8]) throws -> ([UInt8], Ending) {
        var bytes = begin
        do {
            while true { bytes += try socket.socket.read(atMost: 4096) }
        } catch SocketError.failed(_, ECONNRESET, _) {
            return (bytes, .reset)
        } catch SocketError.disconnected {
            return (bytes, .closed)
        }
    }
}

/// An answer as it came.
struct RawResponse {
    let head: String
    var body: [UInt8] = []

    var status: Int { Int(head.split(separator: " ")[1]) ?? 0 }

    subscript(name: String) -> String? {
        let line = head.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }
        return line.map { String($0.dropFirst(name.count + 2)) }
    }
}
