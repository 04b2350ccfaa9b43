import CrawlModel
import Storage
import TestSupport
import Testing

struct DriftTests {
    private let fixture = StoreFixture()

    @Test func `a retry takes the pages that drifted, and none that only then look so`()
        async throws
    {
        let store = try fixture.begin()
        // The seventh is no drift beside the average of all, but it is without the three empty ones.
        let counts = [8, 8, 8, 0, 0, 0, 1, 1]
        let addresses = try counts.indices.map { try WebAddress("http://a.test/\($0 + 1)") }
        _ = try await store.discover(startPages: addresses)
        for page in try await store.claimPages(limit: 9) {
            let images = (0..<counts[Int(page.id) - 1]).map {
                (url: "http://a.test/\(page.id)/\($0).jpg", name: "\(page.id)-\($0)")
            }
            _ = try await fixture.read(page, images, in: store)
        }
        #expect(try fixture.ask("select id from drifts") == [4, 5, 6])
        let selection = RetrySelection(kinds: [.page, .image], classes: [.extraction])
        #expect(try await store.retry(selection) == [.page: 3, .image: 0])
        #expect(try fixture.ask("select id from page where state = 0") == [4, 5, 6])
        #expect(store.tally.tasks(.page, .ready) == 3)
        #expect(store.tally.tasks(.page, .done) == 5)
        #expect(store.tally.tasks(.page, .failed) == 0)
        #expect(try fixture.ask("select pages_failed from runs") == [0])
    }
}
