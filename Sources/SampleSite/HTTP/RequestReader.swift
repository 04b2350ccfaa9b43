internal import FlyingSocks
import Foundation

extension SampleSite {
    /// Reads the requests of one connection, one after the other.
    ///
    /// Requests have no body here: whoever sends one gets its bytes read as the next request.
    struct RequestReader {
        private let socket: AsyncSocket
        private var buffer = Data()

        init(_ socket: AsyncSocket) { self.socket = socket }

        /// Waits for the next request.
        ///
        /// - Returns: `nil` if what came is no request.
        /// - Throws: `SocketError` when the client has closed the connection.
        mutating func next() async throws -> Request? {
            while true {
                if let end = buffer.range(of: Self.emptyLine) {
                    let head = buffer[..<end.lowerBound]
                    buffer = Data(buffer[end.upperBound...])
                    return Request(head: head)
                }
                buffer += try await socket.read(atMost: 4096)
            }
        }

        private static let emptyLine = Data("\r\n\r\n".utf8)
    }
}
