import CrawlModel
import Storage
import Testing

struct HookDueTests {
    private let fixture = StoreFixture()

    @Test func `a picture whose file is lost has no hook due before it is saved again`()
        async throws
    {
        let store = try await fixture.begin(images: [("http://a.test/1.jpg", "cat")])
        let task = try #require(await store.claimImages(limit: 1).first)
        _ = try await store.finish(images: [fixture.done(task)], hasHook: true)
        #expect(try await store.dueHooks(limit: 10).map(\.id) == [task.id])
        let files = try PublishedFiles(fixture.folder)
        let lost = try CrawlReader(fixture.folder).published(after: 0, limit: 10)
        #expect(try await store.repair(lost.compactMap { try files.check($0) }) == 1)
        #expect(try CrawlReader(fixture.folder).status().hooksDue == 0)
    }

    @Test func `a picture that changes while its hook runs has a hook due again`() async throws {
        let store = try await fixture.begin(images: [("http://a.test/1.jpg", "cat")])
        let task = try #require(await store.claimImages(limit: 1).first)
        _ = try await store.finish(images: [fixture.done(task)], hasHook: true)
        let running = try #require(await store.dueHooks(limit: 10).first)
        _ = try await fixture.change(to: ".jpg", mayReplace: true, in: store)
        try await store.record(hookOf: running, failure: nil)
        let due = try #require(await store.dueHooks(limit: 10).first)
        #expect(due.sha256 == String(repeating: "08", count: 32))
        try await store.record(hookOf: due, failure: nil)
        #expect(try await store.dueHooks(limit: 10).isEmpty)
    }
}
