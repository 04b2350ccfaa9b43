import CrawlModel
import Storage
import TestSupport
import Testing

struct ForgetTests {
    let fixture = StoreFixture()

    @Test func `an heir whose path another picture has by now stays skipped, and names that one`()
        async throws
    {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "cat"), ("http://a.test/2.jpg", "cat"),
        ])
        let task = try #require(await store.claimImages(limit: 1).first)
        // Its bytes were those of a PNG, which left `cat.jpg` to the next who wants it.
        _ = try await store.reserve([(task, ".png")], onConflict: .skip)
        _ = try await store.finish(images: [fixture.done(task)])
        _ = try await store.discover(startPages: [WebAddress("http://a.test/2")])
        let page = try #require(await store.claimPages(limit: 1).first)
        _ = try await fixture.read(page, [("http://a.test/3.jpg", "cat")], in: store)

        var selection = HistorySelection()
        selection.path = "cat.png"
        #expect(try await store.forget(selection) == 1)
        #expect(
            try fixture.ask("select id || reason || owner_id from skips") == ["2path_taken3"]
        )
        #expect(store.tally.tasks(.image, .skipped) == 1)
        #expect(try CrawlReader(fixture.folder).violations().isEmpty)
    }
}
