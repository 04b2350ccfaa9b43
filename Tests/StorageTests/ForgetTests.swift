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

    @Test func `a skipped picture that comes back has all its tries`() async throws {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "cat"), ("http://a.test/2.jpg", "dog"),
        ])
        let tasks = try await store.claimImages(limit: 2)
        var same = fixture.failed(tasks[1], .duplicate)
        same.outcome = .skipped(Failure(.duplicate, "the same bytes"))
        _ = try await store.finish(
            images: [fixture.done(tasks[0]), same],
            duplicates: [Duplicate(id: tasks[1].id, owner: tasks[0].id, how: .skipped, bytes: 5)]
        )
        var selection = HistorySelection()
        selection.path = "cat.jpg"
        #expect(try await store.forget(selection) == 1)
        #expect(try fixture.ask("select attempts from image") == [1])
        let again = try #require(await store.claimImages(limit: 1).first)
        #expect(again.tries == 0)
    }
}
