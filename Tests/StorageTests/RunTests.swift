import CrawlModel
import Storage
import TestSupport
import Testing

struct RunTests {
    let fixture = StoreFixture()

    @Test func `a second process is refused with the name of the first`() throws {
        let store = try fixture.begin()
        #expect {
            try FolderLock(fixture.folder, holder: "second")
        } throws: { error in
            guard case StoreError.locked(_, let holder) = error else { return false }
            return holder == "test"
        }
        #expect(FolderLock.holder(of: fixture.folder) == "test")
        withExtendedLifetime(store) {}
    }

    @Test func `what a dead run held is ready again at once`() async throws {
        var store: Store? = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        _ = try await store?.claimImages(limit: 1)
        store = nil
        let second = try fixture.begin()
        #expect(second.beginning.tasksTakenBack == 1)
        let task = try #require(await second.claimImages(limit: 1).first)
        #expect(task.tries == 0)
        #expect(try fixture.ask("select interrupted from image") == [1])
        #expect(try fixture.ask("select ending from run where id = 1") == ["crashed"])
    }

    @Test func `a task that was running in three crashed runs is parked`() async throws {
        var store: Store? = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        for crash in 1...3 {
            #expect(try await store?.claimImages(limit: 1).count == 1, "run \(crash)")
            store = nil
            store = try fixture.begin()
        }
        #expect(store?.beginning.tasksParked == 1)
        #expect(try await store?.claimImages(limit: 1).isEmpty == true)
        #expect(try fixture.ask("select error_class from failures") == ["interrupted"])
        #expect(store?.tally.tasks(.image, .failed) == 1)
    }

    @Test func `a refresh that was running in three crashed runs is counted by the next`()
        async throws
    {
        var store: Store? = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        let task = try #require(await store?.claimImages(limit: 1).first)
        _ = try await store?.finish(images: [fixture.done(task)])
        _ = try await store?.refreshImages()
        for crash in 1...3 {
            #expect(try await store?.claimRefreshes(limit: 1).count == 1, "run \(crash)")
            store = nil
            store = try fixture.begin()
        }
        #expect(store?.beginning.tasksParked == 1)
        #expect(try fixture.ask("select count(*) from refresh") == [0])
        #expect(try fixture.ask("select refreshes_failed from run order by id") == [0, 0, 0, 1])
        #expect(store?.tally.tasks(.image, .done) == 1)
    }

    @Test func `the end of a run gives back what it holds`() async throws {
        var store: Store? = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        _ = try await store?.claimImages(limit: 1)
        try await store?.end(.stopped)
        store = nil
        let second = try fixture.begin()
        #expect(second.beginning.tasksTakenBack == 0)
        #expect(try fixture.ask("select interrupted from image") == [0])
        #expect(try fixture.ask("select ending from run where id = 1") == ["stopped"])
    }

    @Test func `the end of a run leaves one whole database file`() async throws {
        let store = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        #expect(fixture.temporary.files().contains("magpie.db-wal"))
        try await store.end(.finished)
        #expect(fixture.temporary.files() == [".magpie/lock", "magpie.db"])
        #expect(store.tally.tasks(.image, .ready) == 1)
        #expect(FolderLock.holder(of: fixture.folder) == "test")
    }

    @Test func `an ending of a task that the run does not hold changes nothing`() async throws {
        let store = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        let task = try #require(await store.claimImages(limit: 1).first)
        try await store.release(.image, ids: [task.id])
        #expect(try await store.finish(images: [fixture.done(task)]) == 1)
        #expect(try fixture.ask("select state from image") == [0])
    }

    @Test func `after the clock was set back the next run does not wait for it`() async throws {
        let images = (1...2).map { (url: "http://\($0).test/1.jpg", name: "\($0)") }
        var store: Store? = try await fixture.begin(images: images)
        let tasks = try #require(try await store?.claimImages(limit: 2))
        let due = fixture.clock.now + .seconds(2)
        _ = try await store?.finish(images: tasks.map { fixture.failed($0, .timeout, due: due) })
        store = nil
        fixture.clock.advance(by: .seconds(-86_400))
        let second = try fixture.begin()
        #expect(try await second.claimImages(limit: 2).count == 2)
    }

    @Test func `after the clock was set back hosts are not waited for either`() async throws {
        var store: Store? = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        let task = try #require(try await store?.claimImages(limit: 1).first)
        let now = fixture.clock.now
        _ = store?.paces.with("a.test") { pace in
            pace.noteRobots(read: now, crawlDelay: .zero)
            pace.fail(.http429, started: now, retryAfter: .seconds(3000), at: now)
        }
        _ = try await store?.finish(images: [fixture.failed(task, .http429, due: now)])
        store = nil
        fixture.clock.advance(by: .seconds(-86_400))
        let second = try fixture.begin()
        #expect(try await second.claimImages(limit: 2).count == 1)
        let read = try fixture.ask("select robots_ms from host where name = 'a.test'", as: Int.self)
        #expect(read == [fixture.clock.now.milliseconds])
    }

    @Test func `a wait that a policy ordered is kept from run to run`() async throws {
        var store: Store? = try await fixture.begin(images: [("http://a.test/1.jpg", "one")])
        let task = try #require(try await store?.claimImages(limit: 1).first)
        let due = fixture.clock.now + .seconds(300)
        _ = try await store?.finish(images: [fixture.failed(task, .http429, due: due)])
        store = nil
        let second = try fixture.begin()
        #expect(try await second.claimImages(limit: 1).isEmpty)
    }

    @Test func `a recipe is stored again only if it changed`() throws {
        for text in ["name: a", "name: a", "name: b", nil, "name: b"] {
            _ = try fixture.begin(recipe: text)
        }
        #expect(
            try fixture.ask("select content from recipe order by id") == ["name: a", "name: b"]
        )
        #expect(try fixture.ask("select recipe_id from run order by id") == [1, 1, 2, 2, 2])
    }
}
