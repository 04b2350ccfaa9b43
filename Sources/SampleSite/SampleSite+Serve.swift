internal import FlyingSocks
import Foundation

extension SampleSite {
    /// Serves a gallery while `body` runs, on free ports of loopback addresses.
    ///
    /// When `body` has returned or thrown, all connections are closed before this returns.
    ///
    /// - Parameters:
    ///   - gallery: What to show.
    ///   - hosts: On how many addresses to listen, from `127.0.0.1` on; 1 to 254.
    ///   - sleep: How delays are waited for.
    ///   - body: What to do with the site.
    /// - Returns: What `body` returned.
    /// - Throws: `SampleSiteError` if the server can't start or breaks down, or what `body` threw.
    package nonisolated(nonsending) static func serve<Result>(
        _ gallery: Gallery = Gallery(pages: 0),
        hosts: Int = 1,
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        _ body: nonisolated(nonsending) (SampleSite) async throws -> Result
    ) async throws -> Result {
        precondition((1...254).contains(hosts), "a site has 1 to 254 hosts, not \(hosts)")
        let addresses = (1...hosts).map { "127.0.0.\($0)" }
        let (listeners, port) = try listeners(on: addresses)
        defer { for listener in listeners { try? listener.close() } }
        let site = SampleSite(gallery, hosts: addresses, port: port, sleep: sleep)
        let pool: Pool = makePool()
        try await pool.prepare()
        return try await withThrowingTaskGroup(of: SampleSiteError?.self) { group in
            group.addTask { await site.breakdown { try await pool.run() } }
            for listener in listeners {
                group.addTask {
                    await site.breakdown { try await site.accept(on: listener, pool) }
                }
            }
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body(site)) } catch { result = .failure(error) }
            site.noteEnd()
            group.cancelAll()
            for try await case let error? in group { throw error }
            return try result.get()
        }
    }

    /// Runs a part of the server; what it throws before the end is a breakdown.
    ///
    /// Whether its task is cancelled does not tell: the parts are cancelled one after the other, and
    /// the end of one can be an error for the next before its turn comes.
    private func breakdown(_ part: () async throws -> Void) async -> SampleSiteError? {
        do {
            try await part()
            return nil
        } catch {
            return isOver || Task.isCancelled ? nil : .broken(cause: error)
        }
    }

    private static func makePool() -> Pool {
        #if canImport(Darwin)
        .kQueue(maxEvents: 256)
        #else
        .ePoll(maxEvents: 256)
        #endif
    }

    private func accept(on listener: Socket, _ pool: Pool) async throws {
        let listener = try AsyncSocket(socket: listener, pool: pool)
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                try Task.checkCancellation()
                let socket = try await listener.accept()
                group.addTask { await Connection(socket, pool: pool, site: self).run() }
            }
        }
    }

    /// Listens on all addresses, on one port that is free on each.
    private static func listeners(on hosts: [String]) throws -> ([Socket], UInt16) {
        let attempts = 20
        for _ in 0..<attempts {
            if let listeners = try listenersOnOnePort(hosts) {
                return (listeners, try listeners[0].port())
            }
        }
        throw SampleSiteError.noCommonPort(hosts: hosts)
    }

    /// Takes the port that is free on the first address; `nil` if another address has it in use.
    private static func listenersOnOnePort(_ hosts: [String]) throws -> [Socket]? {
        var listeners: [Socket] = []
        for host in hosts {
            do {
                let port = try listeners.first?.port() ?? 0
                listeners.append(try Socket.listening(on: host, port: port))
            } catch {
                for listener in listeners { try listener.close() }
                if case SocketError.failed(_, EADDRINUSE, _) = error { return nil }
                throw SampleSiteError.cannotListen(host: host, cause: error)
            }
        }
        return listeners
    }
}
