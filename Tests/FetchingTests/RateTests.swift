import CrawlModel
import Fetching
import SampleSite
import Testing

/// The rate that all transfers together keep to.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RateTests {
    private static func fetcher(_ bytesPerSecond: Int) throws -> Fetcher {
        var settings = FetchSettings()
        settings.bytesPerSecond = bytesPerSecond
        return try Fetcher(settings)
    }

    /// A wait can't be shorter than the rate says, however busy the machine is; how much longer it is depends
    /// on the machine, and is not asked here.
    @Test(arguments: [(1, 400_000), (8, 50_000), (40, 10_000)])
    func `transfers together never come faster than the rate`(
        count: Int,
        bytes: Int
    ) async throws {
        try await SampleSite.serve { site in
            let body = [UInt8](repeating: 7, count: bytes)
            for number in 0..<count { site.route("/\(number)", to: .init(body: body)) }
            let fetcher = try Self.fetcher(400_000)
            defer { fetcher.shutdown() }
            let start = ContinuousClock.now
            let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<count {
                    group.addTask {
                        try await fetcher.fetch("/\(number)", of: site).response?.bodyBytes ?? 0
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let took = ContinuousClock.now - start
            #expect(sizes == Array(repeating: bytes, count: count))
            // A burst of 50 ms, and one turn, which is that of 41 ms, come at once.
            #expect(took >= .milliseconds(1000 - 50 - 45))
        }
    }

    @Test func `each transfer has its turn`() async throws {
        try await SampleSite.serve { site in
            let body = [UInt8](repeating: 7, count: 60_000)
            for number in 0..<4 { site.route("/\(number)", to: .init(body: body)) }
            let fetcher = try Self.fetcher(200_000)
            defer { fetcher.shutdown() }
            let sinks = (0..<4).map { _ in RecordingSink() }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        _ = try await fetcher.fetch("/\(number)", of: site, into: sinks[number])
                        return number
                    }
                }
                // When the first is whole the others have most of theirs.
                _ = try await group.next()
                for sink in sinks { #expect(sink.bytes.count > 30_000) }
                try await group.waitForAll()
            }
        }
    }

    /// Its turns are further apart than the idle time, and all of them take longer than the total.
    @Test func `who waits for a turn is not taken for silent`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [UInt8](repeating: 7, count: 5000)))
            let fetcher = try Self.fetcher(1000)
            defer { fetcher.shutdown() }
            let timeouts = Timeouts(connect: .seconds(60), idle: .seconds(1), total: .seconds(1))
            let fetched = try await fetcher.fetch("/", of: site, timeouts: timeouts)
            #expect(fetched.response?.bodyBytes == 5000)
        }
    }

    @Test func `what is refused in its turn ends there`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [UInt8](repeating: 7, count: 200_000)))
            let fetcher = try Self.fetcher(100_000)
            defer { fetcher.shutdown() }
            site.fault(.untilClose, at: "/")
            let fetched = try await fetcher.fetch("/", of: site, bodyBytesMax: 50_000)
            #expect(fetched.errorClass == .tooLarge)
            #expect(fetched.sink.endings == [.abandoned])
            #expect(fetched.sink.bytes.count <= 50_000)
        }
    }

    @Test func `a transfer can be given up while it waits for its turn`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [UInt8](repeating: 7, count: 1_000_000)))
            let fetcher = try Self.fetcher(1000)
            defer { fetcher.shutdown() }
            let sink = RecordingSink()
            let fetch = Task { try await fetcher.fetch("/", of: site, into: sink) }
            try await site.requested("/")
            fetch.cancel()
            #expect(try await fetch.value.errorClass == .interrupted)
        }
    }
}
