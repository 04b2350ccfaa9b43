import CrawlModel
import Storage
import TestSupport
import Testing

struct RetrySelectionTests {
    private let fixture = StoreFixture()

    /// Six failed pictures on three hosts and a failed page, a minute between them.
    private func fail() async throws -> Store {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "one"), ("http://a.test/2.jpg", "two"),
            ("http://a.test:81/3.jpg", "three"), ("http://b.test/4.png", "four"),
            ("http://b.test/5.png", "five"), ("http://aa.test/6.png", "six"),
        ])
        let classes: [(ErrorClass, Int?)] = [
            (.http4xx, 404), (.http5xx, 503), (.http5xx, 500), (.timeout, nil), (.http4xx, 403),
            (.http4xx, 404),
        ]
        let tasks = try await store.claimImages(limit: 9).sorted { $0.id < $1.id }
        for (task, (errorClass, status)) in zip(tasks, classes) {
            var ending = fixture.failed(task, errorClass)
            ending.outcome = .failed(Failure(errorClass, "why", status: status), due: nil)
            _ = try await store.finish(images: [ending])
            fixture.clock.advance(by: .seconds(60))
        }
        _ = try await store.discover(startPages: [WebAddress("http://a.test/p")])
        let page = try #require(await store.claimPages(limit: 1).first)
        try await store.finish(
            failedPage: TaskEnding(
                taskID: page.id,
                outcome: .failed(Failure(.http4xx, "why", status: 404), due: nil),
                ended: fixture.clock.now,
                took: .zero
            )
        )
        return store
    }

    private func expect(
        _ selection: RetrySelection,
        pages: Int = 0,
        images: [Int64],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let store = try await fail()
        let plan = try CrawlReader(fixture.folder).plan(selection, listed: 100)
        let listed = plan.tasks.filter { $0.kind == .image }.map(\.id)
        #expect(listed == images, sourceLocation: sourceLocation)
        #expect(
            plan.groups.reduce(0) { $0 + $1.tasks } == pages + images.count,
            sourceLocation: sourceLocation
        )
        let counts = try await store.retry(selection)
        #expect(counts[.page] ?? 0 == pages, sourceLocation: sourceLocation)
        #expect(counts[.image] ?? 0 == images.count, sourceLocation: sourceLocation)
        let ready = try fixture.ask("select id from image where state = 0", as: Int64.self)
        #expect(ready.sorted() == images, sourceLocation: sourceLocation)
        #expect(store.tally.tasks(.image, .failed) == 6 - images.count)
        #expect(try CrawlReader(fixture.folder).violations().isEmpty)
    }

    @Test func `nothing said means everything`() async throws {
        try await expect(.init(), pages: 1, images: [1, 2, 3, 4, 5, 6])
    }

    @Test func `by kind and class`() async throws {
        try await expect(.init(kinds: [.image], classes: [.http4xx]), images: [1, 5, 6])
    }

    @Test func `by status`() async throws {
        try await expect(.init(statuses: [404, 503]), pages: 1, images: [1, 2, 6])
    }

    @Test func `by host, with a port or without`() async throws {
        try await expect(.init(hosts: ["a.test"]), pages: 1, images: [1, 2, 3])
    }

    @Test func `by host and port`() async throws {
        try await expect(.init(hosts: ["a.test:81", "b.test"]), images: [3, 4, 5])
    }

    @Test func `by the time of the failure`() async throws {
        let since = fixture.clock.now + .seconds(3 * 60)
        try await expect(.init(since: since), pages: 1, images: [4, 5, 6])
    }

    @Test func `by path, which no page has`() async throws {
        try await expect(.init(path: "f*.png"), images: [4, 5])
    }

    @Test func `at most so many, pages first`() async throws {
        try await expect(.init(limit: 3), pages: 1, images: [1, 2])
    }

    @Test func `one limit on pages leaves no room for pictures`() async throws {
        try await expect(.init(limit: 1), pages: 1, images: [])
    }

    @Test func `selectors narrow each other down`() async throws {
        try await expect(
            .init(classes: [.http4xx], statuses: [404], hosts: ["a.test"], path: "*.jpg"),
            images: [1]
        )
    }

    @Test func `what comes from outside is no SQL`() async throws {
        try await expect(.init(hosts: ["a' or '1' = '1"], path: "*' or 1 = 1 --"), images: [])
    }

    @Test func `a host that was given up is asked again`() async throws {
        let store = try await fail()
        let again = try await store.retry(.init(limit: 2))
        #expect(again == [.page: 1, .image: 1])
        let task = try #require(await store.claimImages(limit: 1).first)
        let (host, now) = (task.address.authority, fixture.clock.now)
        _ = store.paces.with(host) { pace in
            while pace.inFlight > 0 { _ = pace.free(at: now) }
        }
        for _ in 0..<20 {
            _ = store.paces.with(host) { pace in
                let time = max(pace.opens, now)
                pace.fail(.connect, started: time, retryAfter: nil, isHopeless: true, at: time)
            }
        }
        _ = try await store.finish(images: [fixture.failed(task, .connect)])
        #expect(try fixture.ask("select state from hosts where name = 'a.test'") == ["given_up"])
        _ = try await store.retry(.init())
        #expect(try fixture.ask("select state from hosts where name = 'a.test'") == ["open"])
        let claimed = try await store.claimImages(limit: 9)
        #expect(claimed.contains { $0.id == task.id })
    }
}
