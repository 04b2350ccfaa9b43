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
}
