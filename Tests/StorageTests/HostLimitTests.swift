import CrawlModel
import Storage
import TestSupport
import Testing

/// What claims keep to at each host.
struct HostLimitTests {
    private let fixture = StoreFixture()

    private func begin(
        _ hosts: [(name: String, tasks: Int)],
        _ politeness: Politeness
    ) async throws -> Store {
        let store = try fixture.begin(politeness: politeness)
        _ = try await store.discover(startPages: [WebAddress("http://pages.test/1")])
        let page = try #require(await store.claimPages(limit: 1).first)
        let images = hosts.flatMap { host in
            (0..<host.tasks).map { ("http://\(host.name)/\($0).jpg", "\(host.name) \($0)") }
        }
        _ = try await fixture.read(page, images, in: store)
        _ = store.paces.with("pages.test") { $0.free(at: fixture.clock.now) }
        return store
    }

    private func polite(_ connections: Int, delay: Duration = .zero) -> Politeness {
        Politeness(connections: connections, delay: delay, robots: .ignore)
    }

    @Test func `a claim takes no more of a host than it has connections`() async throws {
        let store = try await begin([("a.test", 50), ("b.test", 3)], polite(4))
        let claimed = try await store.claimImages(limit: 60)
        #expect(claimed.count { $0.address.host == "a.test" } == 4)
        #expect(claimed.count { $0.address.host == "b.test" } == 3)
        #expect(try await store.claimImages(limit: 60).isEmpty)
        #expect(try await store.nextClaim(.image) == .afterAnother)
        let wasFull = store.paces.with("a.test") { $0.free(at: fixture.clock.now) }
        #expect(wasFull == true)
        #expect(try await store.claimImages(limit: 60).count == 1)
    }

    @Test func `pages and pictures count alike`() async throws {
        let store = try await begin([("a.test", 50)], polite(4))
        _ = try await store.discover(
            startPages: (1...9).map { try WebAddress("http://a.test/\($0)") }
        )
        #expect(try await store.claimPages(limit: 3).count == 3)
        #expect(try await store.claimImages(limit: 9).count == 1)
        #expect(try await store.claimPages(limit: 3).isEmpty)
    }

    @Test func `a delay is kept, also by the next run`() async throws {
        var store: Store? = try await begin([("a.test", 50)], polite(9, delay: .seconds(10)))
        #expect(try await store?.claimImages(limit: 9).count == 1)
        #expect(try await store?.claimImages(limit: 9).isEmpty == true)
        let next = fixture.clock.now + .seconds(10)
        #expect(try await store?.nextClaim(.image) == .at(next))
        store = nil
        let second = try fixture.begin(politeness: polite(9, delay: .seconds(10)))
        #expect(try await second.claimImages(limit: 9).isEmpty)
        #expect(try await second.nextClaim(.image) == .at(next))
        fixture.clock.advance(by: .seconds(10))
        #expect(try await second.claimImages(limit: 9).count == 1)
    }

    @Test func `a wish to come back later is stored with the ending of its task, or before`()
        async throws
    {
        var store: Store? = try await begin([("a.test", 50), ("b.test", 1)], polite(9))
        let task = try #require(await store?.claimImages(limit: 1).first)
        let now = fixture.clock.now
        _ = store?.paces.with(task.address.authority) { pace in
            pace.fail(.http429, started: now, retryAfter: .seconds(500), at: now)
        }
        _ = try await store?.finish(images: [fixture.failed(task, .http429, due: now)])
        let blocked =
            "select name from host where blocked_until_ms = \((now + .seconds(500)).milliseconds)"
        #expect(try fixture.ask(blocked) == [task.address.authority])
        store = nil
        let second = try fixture.begin(politeness: polite(9))
        let others = try await second.claimImages(limit: 99)
        #expect(!others.contains { $0.address.authority == task.address.authority })
        #expect(!others.isEmpty)
        fixture.clock.advance(by: .seconds(500))
        #expect(try await !second.claimImages(limit: 99).isEmpty)
    }

    @Test func `a host that was given up is probed once more by the next run`() async throws {
        var store: Store? = try await begin([("a.test", 50)], polite(9))
        let task = try #require(await store?.claimImages(limit: 1).first)
        var time = fixture.clock.now
        for _ in 0..<20 {
            _ = store?.paces.with("a.test") { pace in
                time = max(time, pace.opens)
                pace.fail(.dns, started: time, retryAfter: nil, isHopeless: true, at: time)
            }
        }
        _ = try await store?.finish(images: [fixture.failed(task, .dns)])
        fixture.clock.advance(by: time - fixture.clock.now)
        #expect(try await store?.claimImages(limit: 99).count == 49, "they are to be ended")
        store = nil
        fixture.clock.advance(by: .seconds(86_400))
        let second = try fixture.begin(politeness: polite(9))
        #expect(try await second.claimImages(limit: 99).count == 1)
    }

    @Test func `one task of a host goes ahead while its robots txt is not known`() async throws {
        let politeness = Politeness(connections: 9, delay: .zero)
        let store = try await begin([("a.test", 50), ("b.test", 50)], politeness)
        #expect(try await store.claimImages(limit: 60).count == 2)
        #expect(try await store.claimImages(limit: 60).isEmpty)
        let now = fixture.clock.now
        _ = store.paces.with("a.test") { $0.noteRobots(read: now, crawlDelay: .zero) }
        #expect(try await store.claimImages(limit: 60).count == 8)
    }

    @Test func `what is known of hosts does not grow with their number`() async throws {
        let hosts = (0..<2500).map { (name: "h\($0).test", tasks: 1) }
        let store = try await begin(hosts, polite(2))
        var claimed = 0
        while true {
            let tasks = try await store.claimImages(limit: 60)
            if tasks.isEmpty { break }
            claimed += tasks.count
            for task in tasks {
                _ = store.paces.with(task.address.authority) { $0.free(at: fixture.clock.now) }
            }
        }
        #expect(claimed == 2500)
        let known = hosts.count { store.paces.with($0.name) { _ in true } == true }
        #expect(known <= 1100)
    }
}
