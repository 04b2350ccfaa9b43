import CrawlModel
import Storage
import TestSupport
import Testing

struct DiscoverTests {
    let fixture = StoreFixture()

    @Test func `known pages and pictures are left alone`() async throws {
        let images = [("http://a.test/1.jpg", "one"), ("http://a.test/2.jpg", "two")]
        let store = try await fixture.begin(images: images)
        #expect(try await store.discover(startPages: [WebAddress("http://a.test/1")]) == 0)
        _ = try await store.discover(startPages: [WebAddress("http://a.test/2")])
        let page = try #require(await store.claimPages(limit: 1).first)
        let summary = try await fixture.read(page, images, in: store)
        #expect(summary == DiscoverySummary())
        #expect(try fixture.ask("select count(*) from image") == [2])
    }

    @Test func `the same address under another caption is fetched once`() async throws {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "one"), ("http://a.test/1.jpg", "uno"),
        ])
        #expect(try await store.claimImages(limit: 9).count == 1)
    }

    @Test func `a second address for a path is skipped and points to the first`() async throws {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "Cat"), ("http://b.test/2.jpg", "cat"),
        ])
        #expect(try await store.claimImages(limit: 9).map(\.address.host) == ["a.test"])
        #expect(try fixture.ask("select reason from skips") == ["path_taken"])
        #expect(try fixture.ask("select owner_url from skips") == ["http://a.test/1.jpg"])
        #expect(store.tally.tasks(.image, .skipped) == 1)
    }

    @Test func `paths are compared without regard to Unicode form`() async throws {
        _ = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "caf\u{E9}"), ("http://a.test/2.jpg", "CAFE\u{301}"),
        ])
        #expect(try fixture.ask("select count(*) from skips") == [1])
    }

    @Test func `with rename every picture gets a path of its own`() async throws {
        let images = (1...20).map { ("http://a.test/\($0).jpg", "cat") }
        let store = try await fixture.begin(images: images, onConflict: .rename)
        let paths = try await store.claimImages(limit: 30).map(\.path.description)
        #expect(paths == ["cat.jpg"] + (2...20).map { "cat (\($0)).jpg" })
    }

    @Test func `an address that can't be asked for is a failure with a row of its own`()
        async throws
    {
        let store = try await fixture.begin(images: [
            ("file:///etc/passwd", "one"), ("data:image/gif;base64,AA", "two"),
        ])
        #expect(try await store.claimImages(limit: 9).isEmpty)
        #expect(try fixture.ask("select error_class from failures") == ["bad_url", "bad_url"])
        #expect(try fixture.ask("select url from failures").contains("file:///etc/passwd"))
        #expect(store.tally.tasks(.image, .failed) == 2)
    }

    @Test func `discoveries and the page's done are one transaction`() async throws {
        let store = try fixture.begin()
        _ = try await store.discover(startPages: [WebAddress("http://a.test/1")])
        let page = try #require(await store.claimPages(limit: 1).first)
        try await store.release(.page, ids: [page.id])
        let summary = try await fixture.read(page, [("http://a.test/1.jpg", "one")], in: store)
        #expect(summary == nil)
        #expect(try fixture.ask("select count(*) from image") == [0])
    }

    @Test func `following pages are discovered with the page`() async throws {
        let store = try fixture.begin()
        _ = try await store.discover(startPages: [WebAddress("http://a.test/1")])
        let page = try #require(await store.claimPages(limit: 1).first)
        let next = [try WebAddress("http://a.test/2"), try WebAddress("http://a.test/1")]
        let summary = try await fixture.read(page, [], next: next, in: store)
        #expect(summary?.newPages == 1)
        #expect(try await store.claimPages(limit: 9).map(\.address) == [next[0]])
    }

    @Test func `a corrected extension is reserved before the file gets its name`() async throws {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "one"), ("http://a.test/2.jpg", "two"),
            ("http://a.test/3.png", "two"),
        ])
        let tasks = try await store.claimImages(limit: 3)
        let outcome = try await store.reserve(
            [(tasks[0], ".png"), (tasks[1], ".png")],
            onConflict: .skip
        )
        #expect(outcome[0] == .owned(ImagePath(folder: "", stem: "one", extensionName: ".png")))
        #expect(outcome[1] == .taken(owner: tasks[2].id))
    }

    @Test func `a picture does not get the path of an older version of it that is kept`()
        async throws
    {
        let store = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        let task = try #require(await store.claimImages(limit: 1).first)
        _ = try await store.finish(images: [fixture.done(task)])
        let changed = try await fixture.change(to: ".png", mayReplace: false, in: store)
        #expect(changed.path == ImagePath(folder: "", stem: "one", extensionName: ".png"))
        let lost = try CrawlReader(fixture.folder).published(after: 0, limit: 10)
        let files = try PublishedFiles(fixture.folder)
        #expect(try await store.repair(lost.compactMap { try files.check($0) }) == 1)
        let again = try #require(await store.claimImages(limit: 1).first)
        let outcome = try await store.reserve([(again, ".jpg")], onConflict: .skip)
        let free = ImagePath(folder: "", stem: "one (2)", extensionName: ".jpg")
        #expect(outcome == [.owned(free)])
    }

    @Test func `failed tasks become ready again by retry, with their attempts kept`() async throws {
        let store = try await fixture.begin(images: [
            ("http://a.test/1.jpg", "one"), ("http://a.test/2.jpg", "two"),
        ])
        let tasks = try await store.claimImages(limit: 2)
        _ = try await store.finish(images: [
            fixture.failed(tasks[0], .http4xx), fixture.failed(tasks[1], .timeout),
        ])
        let selection = RetrySelection(kinds: [.image], classes: [.timeout])
        #expect(try await store.retry(selection) == [.image: 1])
        let again = try #require(await store.claimImages(limit: 9).first)
        #expect(again.id == tasks[1].id)
        #expect(again.tries == 0)
        #expect(again.attempts == 1)
        #expect(try fixture.ask("select count(*) from attempt") == [2])
    }
}
