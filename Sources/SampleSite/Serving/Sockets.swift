internal import FlyingSocks
import Foundation

#if canImport(Darwin)
typealias Pool = SocketPool<kQueue>
#else
typealias Pool = SocketPool<ePoll>
#endif

extension AsyncSocket {
    /// Sets up what every connection here needs.
    func prepareForAnswers() throws {
        // A process started by a test must not keep the connection open.
        socket.closeOnExec()
        // Each step of a script leaves at once.
        try socket.setValue(
            true,
            for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
        )
        #if canImport(Darwin)
        try socket.setValue(true, for: .noSIGPIPE)
        #endif
    }

    /// Whether the other side has closed or reset the connection, and left nothing to read.
    func isHungUp() -> Bool {
        var byte: UInt8 = 0
        let count = recv(socket.file.rawValue, &byte, 1, Int32(MSG_PEEK))
        return count == 0 || count < 0 && errno != EAGAIN
    }

    /// Makes the next `close` reset the connection and drop what has not left yet.
    func resetOnClose() throws {
        try socket.setValue(linger(l_onoff: 1, l_linger: 0), for: LingerOption())
    }
}

extension Socket {
    /// A socket that listens on a loopback address; port 0 takes a free one.
    static func listening(on host: String, port: UInt16) throws -> Socket {
        let socket = try Socket(domain: AF_INET)
        do {
            socket.closeOnExec()
            try socket.bind(to: .inet(ip4: host, port: port))
            try socket.listen()
            return socket
        } catch {
            try socket.close()
            throw error
        }
    }

    /// The port it is bound to.
    func port() throws -> UInt16 {
        guard case .ip4(_, let port) = try sockname() else { throw SocketError.unsupportedAddress }
        return port
    }

    fileprivate func closeOnExec() { _ = fcntl(file.rawValue, F_SETFD, FD_CLOEXEC) }
}

private struct LingerOption: SocketOption {
    let name = SO_LINGER

    func makeValue(from socketValue: linger) -> linger { socketValue }
    func makeSocketValue(from value: linger) -> linger { value }
}
