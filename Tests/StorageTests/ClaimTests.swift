import CrawlModel
import Storage
import TestSupport
import Testing

struct ClaimTests {
    let fixture = StoreFixture()

    private func images(_ count: Int, host: String = "a.test") -> [(url: String, name: String)] {
        (0..<count).map { ("http://\(host)/\($0).jpg", "\(host) \($0)") }
    }

    @Test func `a claimed picture is not given out twice`() async throws {
        let store = try await fixture.begin(images: images(5))
        let first = try await store.claimImages(limit: 3)
        let second = try await store.claimImages(limit: 10)
        #expect(first.count == 3)
        #expect(second.count == 2)
        #expect(Set((first + second).map(\.id)).count == 5)
        #expect(try await store.claimImages(limit: 10).isEmpty)
    }

    @Test func `pictures are claimed in the order they were discovered`() async throws {
        let store = try await fixture.begin(images: images(50))
        let ids = try await store.claimImages(limit: 50).map(\.id)
        #expect(ids == ids.sorted())
        #expect(ids.count == 50)
    }

    @Test func `hosts take turns`() async throws {
        let many = images(100, host: "big.test") + images(3, host: "small.test")
        let store = try await fixture.begin(images: many)
        let claimed = try await store.claimImages(limit: 4)
        #expect(claimed.filter { $0.address.host == "small.test" }.count == 2)
    }

    @Test func `of two next claims a known time counts, the earlier of two`() {
        let (soon, late) = (NextClaim.at(.atOnce), NextClaim.at(.atOnce + .seconds(1)))
        for (one, other, expected) in [
            (soon, late, soon), (.never, late, late), (.afterAnother, late, late),
            (.never, .afterAnother, .afterAnother), (.never, .never, .never),
        ] {
            #expect(one.or(other) == expected)
            #expect(other.or(one) == expected)
        }
    }

    @Test func `a task is not claimed before it is due`() async throws {
        let store = try await fixture.begin(images: images(1))
        let task = try #require(await store.claimImages(limit: 1).first)
        let due = fixture.clock.now + .seconds(5)
        _ = try await store.finish(images: [fixture.failed(task, .timeout, due: due)])
        #expect(try await store.claimImages(limit: 1).isEmpty)
        #expect(try await store.nextClaim(.image) == .at(due))
        fixture.clock.advance(by: .seconds(5))
        let again = try #require(await store.claimImages(limit: 1).first)
        #expect(again.tries == 1)
        #expect(again.attempts == 1)
    }

    @Test func `a retried task does not overtake one that was never tried`() async throws {
        let store = try await fixture.begin(images: images(2))
        let first = try #require(await store.claimImages(limit: 1).first)
        _ = try await store.finish(images: [fixture.failed(first, .timeout, due: fixture.clock.now)]
        )
        let next = try #require(await store.claimImages(limit: 1).first)
        #expect(next.id != first.id)
    }

    @Test func `a released task counts neither as tried nor as interrupted`() async throws {
        let store = try await fixture.begin(images: images(1))
        let task = try #require(await store.claimImages(limit: 1).first)
        try await store.release(.image, ids: [task.id])
        let again = try #require(await store.claimImages(limit: 1).first)
        #expect(again == task)
        #expect(try fixture.ask("select interrupted from image") == [0])
    }

    @Test func `the tally equals the rows after every kind of change`() async throws {
        let store = try await fixture.begin(images: images(6))
        let tasks = try await store.claimImages(limit: 4)
        _ = try await store.finish(images: [
            fixture.done(tasks[0]), fixture.failed(tasks[1], .http4xx),
            fixture.failed(tasks[2], .timeout, due: fixture.clock.now + .seconds(1)),
        ])
        let counted = """
            select count(*) from tally where tasks <> (
                select count(*) from image where state = tally.state
                    and coalesce(error_class, '') = tally.error_class)
            and kind = 'image'
            """
        #expect(try fixture.ask(counted) == [0])
        #expect(store.tally.tasks(.image, .done) == 1)
        #expect(store.tally.tasks(.image, .failed) == 1)
        #expect(store.tally.tasks(.image, .ready) == 3)
        #expect(store.tally.tasks(.image, .running) == 1)
        #expect(store.tally.bytes(.image) == 5)
    }
}
