import CrawlModel
import Fetching
import SampleSite
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite(.serialized, .timeLimit(.minutes(5)))
struct TimeoutTests {
    @Test func `silence is a timeout`() async throws {
        try await SampleSite.serve { site in
            site.hold("/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let patient = Timeouts(idle: .milliseconds(500), total: .seconds(600))
            let fetched = try await fetcher.fetch("/", of: site, timeouts: patient)
            #expect(fetched.errorClass == .timeout)
            #expect(fetched.sink.endings == [.abandoned])
            try await site.idle()
        }
    }

    @Test func `a body that drips is a timeout, and so is one that takes too long in all`()
        async throws
    {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [UInt8](repeating: 1, count: 10_000)))
            site.fault(.drip(every: .milliseconds(20)), at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let limits = [
                Timeouts(idle: .seconds(1), total: .seconds(600)),
                Timeouts(idle: .seconds(600), total: .milliseconds(300)),
            ]
            for timeouts in limits {
                let fetched = try await fetcher.fetch("/", of: site, timeouts: timeouts)
                #expect(fetched.errorClass == .timeout)
                #expect(fetched.sink.endings == [.abandoned])
            }
        }
    }

    @Test func `the time in all goes on over redirects`() async throws {
        try await SampleSite.serve { site in
            // Each of them is well in time; all together are not.
            site.route("/", to: .init(status: 302, headers: ["Location": "/"]))
            site.fault(.delay(.milliseconds(100)), at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let limit = Timeouts(total: .milliseconds(450))
            let fetched = try await fetcher.fetch("/", of: site, timeouts: limit, redirectsMax: 100)
            #expect(fetched.errorClass == .timeout)
        }
    }

    @Test func `a server that takes no connection is a timeout`() async throws {
        let server = try FullServer()
        defer { server.close() }
        let fetcher = try Fetcher()
        defer { fetcher.shutdown() }
        let sink = RecordingSink()
        let request = FetchRequest(
            address: try WebAddress("http://127.0.0.1:\(server.port)/"),
            timeouts: Timeouts(connect: .milliseconds(300)),
            bodyBytesMax: 1
        )
        let fetched = Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
        #expect(fetched.errorClass == .timeout)
        #expect(sink.endings == [.abandoned])
    }

    @Test func `the limits of one request do not hold for the next`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [1]))
            site.hold("/held")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let hasty = Timeouts(total: .milliseconds(50))
            let first = try await fetcher.fetch("/held", of: site, timeouts: hasty)
            #expect(first.errorClass == .timeout)
            site.fault(.delay(.milliseconds(200)), at: "/")
            #expect(try await fetcher.fetch("/", of: site).sink.bytes == [1])
        }
    }
}

/// A port on which connections wait in vain: its queue of connections is full, and nobody takes any.
private struct FullServer {
    let port: UInt16
    private let sockets: [Int32]

    struct Refused: Error {
        let call: String
        let number = errno
    }

    init() throws {
        let listener = try Self.check("socket", socket(AF_INET, Self.stream, 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        try Self.with(&address) { _ = try Self.check("bind", bind(listener, $0, $1)) }
        _ = try Self.check("listen", listen(listener, 0))
        try Self.with(&address) { pointer, length in
            var length = length
            _ = try Self.check("getsockname", getsockname(listener, pointer, &length))
        }
        port = UInt16(bigEndian: address.sin_port)
        var sockets = [listener]
        for _ in 1...4 {
            let client = try Self.check("socket", socket(AF_INET, Self.stream, 0))
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            // In progress, or refused for want of room: both fill the queue.
            try Self.with(&address) { _ = connect(client, $0, $1) }
            sockets.append(client)
        }
        self.sockets = sockets
    }

    func close() {
        #if canImport(Glibc)
        for socket in sockets { _ = Glibc.close(socket) }
        #else
        for socket in sockets { _ = Darwin.close(socket) }
        #endif
    }

    #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
    #else
    private static let stream = SOCK_STREAM
    #endif

    private static func with(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) throws -> Void
    ) throws {
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { try body($0, length) }
        }
    }

    private static func check(_ call: String, _ code: Int32) throws -> Int32 {
        guard code >= 0 else { throw Refused(call: call) }
        return code
    }
}
