import CrawlModel
import Fetching
import SampleSite
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct EndingTests {
    @Test func `a cancelled fetch ends while the server is silent`() async throws {
        try await SampleSite.serve { site in
            site.hold("/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let sink = RecordingSink()
            let task = Task { try await fetcher.fetch("/", of: site, into: sink) }
            try await site.requested("/")
            task.cancel()
            let fetched = try await task.value
            #expect(fetched.errorClass == .interrupted)
            #expect(sink.endings == [.abandoned])
            try await site.idle()
        }
    }

    @Test func `a fetch cancelled in the middle of its body touches the sink no more`()
        async throws
    {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [1]))
            site.fault(.endless, at: "/")
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let (pieces, piece) = AsyncStream.makeStream(of: Void.self)
            let sink = RecordingSink { piece.yield() }
            let task = Task {
                try await fetcher.fetch("/", of: site, bodyBytesMax: .max, into: sink)
            }
            for await _ in pieces { break }
            task.cancel()
            let fetched = try await task.value
            #expect(fetched.errorClass == .interrupted)
            let count = sink.bytes.count
            // Another fetch has been served by the same thread in between.
            _ = try await fetcher.fetch("/none", of: site)
            #expect(sink.bytes.count == count)
            #expect(sink.endings == [.abandoned])
            #expect(!sink.isTouchedAfterEnd)
        }
    }

    @Test func `a fetch cancelled before it begins asks nothing`() async throws {
        try await SampleSite.serve { site in
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let sink = RecordingSink()
            let fetched = try await withThrowingTaskGroup(of: Fetched.self) { group in
                group.cancelAll()
                group.addTask { try await fetcher.fetch("/", of: site, into: sink) }
                return try #require(await group.next())
            }
            #expect(fetched.errorClass == .interrupted)
            #expect(sink.endings == [.abandoned])
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test func `shutting down ends all that is running`() async throws {
        try await SampleSite.serve { site in
            let targets = (1...20).map { "/\($0)" }
            for target in targets { site.hold(target) }
            let fetcher = try Fetcher()
            let tasks = targets.map { target in
                Task { try await fetcher.fetch(target, of: site) }
            }
            try await site.requested(times: targets.count)
            fetcher.shutdown()
            for task in tasks {
                let fetched = try await task.value
                #expect(fetched.errorClass == .interrupted)
                #expect(fetched.sink.endings == [.abandoned])
            }
            try await site.idle()
        }
    }

    @Test func `after the shutdown nothing is fetched, and another shutdown does no harm`()
        async throws
    {
        try await SampleSite.serve { site in
            let fetcher = try Fetcher()
            fetcher.shutdown()
            fetcher.shutdown()
            let fetched = try await fetcher.fetch("/", of: site)
            #expect(fetched.errorClass == .interrupted)
            #expect(fetched.sink.endings == [.abandoned])
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test func `fetches that begin while the fetcher shuts down all end`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [1]))
            for _ in 1...20 {
                let fetcher = try Fetcher()
                let tasks = (1...20).map { _ in
                    Task { try await fetcher.fetch("/", of: site) }
                }
                await Task.yield()
                fetcher.shutdown()
                for task in tasks {
                    let fetched = try await task.value
                    let isWhole = fetched.response != nil
                    #expect(isWhole || fetched.errorClass == .interrupted)
                    #expect(fetched.sink.endings == [isWhole ? .finished : .abandoned])
                }
            }
        }
    }

    @Test func `a sink that takes no bytes ends its own transfer only`() async throws {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [1, 2, 3]))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            async let good = fetcher.fetch("/", of: site)
            let bad = try await fetcher.fetch("/", of: site, into: RecordingSink(failing: .receive))
            #expect(bad.failure?.errorClass == .disk)
            #expect(bad.failure?.message == "the sink is full")
            #expect(bad.failure?.status == 200)
            #expect(bad.sink.endings == [.abandoned])
            #expect(try await good.sink.bytes == [1, 2, 3])
        }
    }

    @Test func `a sink that can't finish makes the fetch fail, and is told nothing more`()
        async throws
    {
        try await SampleSite.serve { site in
            site.route("/", to: .init(body: [1, 2, 3]))
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let fetched = try await fetcher.fetch(
                "/",
                of: site,
                into: RecordingSink(failing: .finish)
            )
            #expect(fetched.failure?.errorClass == .disk)
            #expect(fetched.failure?.message == "the sink is full")
            #expect(fetched.failure?.bytes == 3)
            #expect(fetched.sink.endings == [.finished])
        }
    }

    @Test func `an address that is too long is refused unasked`() async throws {
        try await SampleSite.serve { site in
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let long = "/" + String(repeating: "x", count: 70_000)
            let first = try await fetcher.fetch(long, of: site)
            #expect(first.errorClass == .badURL)
            #expect(first.sink.endings == [.abandoned])
        }
    }

    @Test func `a host that does not exist and a port where nobody listens are told apart`()
        async throws
    {
        let fetcher = try Fetcher()
        defer { fetcher.shutdown() }
        let port = try await SampleSite.serve { $0.port }
        let addresses: [(String, ErrorClass)] = [
            // Never resolves, without asking anybody (RFC 6761, section 6.4).
            ("http://nobody.invalid/", .dns), ("http://127.0.0.1:\(port)/", .connect),
        ]
        for (address, errorClass) in addresses {
            let sink = RecordingSink()
            let request = FetchRequest(address: try WebAddress(address), bodyBytesMax: 1)
            let fetched = Fetched(outcome: await fetcher.fetch(request, into: sink), sink: sink)
            #expect(fetched.errorClass == errorClass)
            #expect(fetched.failure?.status == nil)
            #expect(sink.endings == [.abandoned])
        }
    }
}
