import Foundation
import Synchronization

/// A proxy on a free port of 127.0.0.1 that speaks HTTP (whole addresses and CONNECT) and SOCKS 5, and notes
/// what it was asked.
///
/// One thread serves each connection, and one request comes over it: each answer ends its connection.
package final class ProxyServer: Sendable {
    private struct State {
        var log: [String] = []
        var logins: [String] = []
    }

    /// The port.
    package let port: UInt16
    private let listener: Int32
    private let login: String?
    private let state = Mutex(State())

    private struct NotStarted: Error {}

    /// Starts it.
    ///
    /// - Parameter login: `user:password` that it wants to hear, in the way of the protocol; `nil` for none.
    /// - Throws: An error if the system has no socket to give.
    package init(login: String? = nil) throws {
        self.login = login
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.address(of: "127.0.0.1", port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isBound else { throw NotStarted() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                Thread.detachNewThread {
                    self.serve(client)
                    close(client)
                }
            }
        }
    }

    /// Takes no more connections.
    package func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// What it was asked, such as `GET http://…`, `CONNECT 127.0.0.1:443` or `SOCKS 127.0.0.1:80`.
    package var log: [String] { state.withLock(\.log) }

    /// The logins that it heard: the value of `Proxy-Authorization`, or `user:password` of SOCKS.
    package var logins: [String] { state.withLock(\.logins) }

    private func serve(_ client: Int32) {
        guard let first = Self.read(client, 1)?.first else { return }
        if first == 5 {
            serveSOCKS(client)
        } else {
            serveHTTP(client, first)
        }
    }

    // MARK: SOCKS 5 (RFC 1928, 1929)

    private func serveSOCKS(_ client: Int32) {
        guard let count = Self.read(client, 1)?.first, Self.read(client, Int(count)) != nil else {
            return
        }
        Self.send([5, login == nil ? 0 : 2], client)
        if let login {
            guard let user = Self.read(client, 2).flatMap({ Self.read(client, Int($0[1])) }),
                let length = Self.read(client, 1)?.first,
                let password = Self.read(client, Int(length))
            else { return }
            let heard = String(decoding: user + [0x3A] + password, as: UTF8.self)
            state.withLock { $0.logins.append(heard) }
            Self.send([1, heard == login ? 0 : 1], client)
            if heard != login { return }
        }
        guard let head = Self.read(client, 4) else { return }
        var host = ""
        if head[3] == 3 {
            guard let length = Self.read(client, 1)?.first,
                let name = Self.read(client, Int(length))
            else { return }
            host = String(decoding: name, as: UTF8.self)
        } else {
            guard let bytes = Self.read(client, 4) else { return }
            host = bytes.map(String.init).joined(separator: ".")
        }
        guard let bytes = Self.read(client, 2) else { return }
        let port = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        state.withLock { $0.log.append("SOCKS \(host):\(port)") }
        // Names are looked up here, and all of them are this machine.
        guard let server = Self.connect(to: head[3] == 3 ? "127.0.0.1" : host, port) else { return }
        defer { close(server) }
        Self.send([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], client)
        Self.relay(client, server)
    }

    // MARK: HTTP (RFC 9112, section 3.2; RFC 9110, section 9.3.6)

    private func serveHTTP(_ client: Int32, _ first: UInt8) {
        var head = [first]
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = Self.read(client, 1) else { return }
            head += byte
        }
        var lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines.removeFirst().components(separatedBy: " ")
        state.withLock { $0.log.append("\(words[0]) \(words[1])") }
        let given = lines.first { $0.lowercased().hasPrefix("proxy-authorization: ") }
            .map { String($0.dropFirst("proxy-authorization: ".count)) }
        if let given { state.withLock { $0.logins.append(given) } }
        let wanted = login.map { "Basic \(Data($0.utf8).base64EncodedString())" }
        guard wanted == nil || given == wanted else {
            let refusal = "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n"
            return Self.send(Array("\(refusal)Connection: close\r\n\r\n".utf8), client)
        }
        let isTunnel = words[0] == "CONNECT"
        let whole = isTunnel ? "http://\(words[1])" : words[1]
        guard let url = URL(string: whole), let host = url.host, let port = url.port,
            let server = Self.connect(to: host, UInt16(port))
        else { return }
        defer { close(server) }
        if isTunnel {
            Self.send(Array("HTTP/1.1 200 There\r\n\r\n".utf8), client)
        } else {
            let target = words[1].dropFirst("http://\(host):\(port)".count)
            let rest = lines.filter { !$0.lowercased().hasPrefix("proxy-") && !$0.isEmpty }
            let request = ["\(words[0]) \(target) HTTP/1.1"] + rest + ["Connection: close", "", ""]
            Self.send(Array(request.joined(separator: "\r\n").utf8), server)
        }
        Self.relay(client, server)
    }

    // MARK: Sockets

    private static func address(of host: String, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return address
    }

    private static func connect(to host: String, _ port: UInt16) -> Int32? {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(of: host, port: port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return server }
        close(server)
        return nil
    }

    private static func read(_ file: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = recv(file, &bytes[done], count - done, 0)
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }

    private static func send(_ bytes: [UInt8], _ file: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Hands bytes on both ways until one side ends.
    private static func relay(_ one: Int32, _ other: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            var entries = [one, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&entries, 2, -1) > 0 else { return }
            for (entry, to) in zip(entries, [other, one]) where entry.revents != 0 {
                let count = recv(entry.fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                send(Array(buffer.prefix(count)), to)
            }
        }
    }
}
