import CrawlModel
import Crawling
import Fetching
import Foundation
import SampleSite
import Storage
import Testing

/// How a crawl ends before all is done, and what is left then.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct CrawlEndingTests {
    private let crawl = CrawlFixture()

    /// Nothing is claimed, and nothing is being asked for.
    private func expectNothingHeld(_ site: SampleSite) async throws {
        try await site.idle()
        #expect(try crawl.ask("select count(*) from image where state = 1") == [0])
        #expect(try crawl.ask("select count(*) from page where state = 1") == [0])
    }

    @Test func `a stop finishes what is in flight, and the next run does the rest`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let held = site.gallery.items.prefix(3).map(\.path)
            for path in held { site.hold(path) }
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 3 }")
            let stop = StopRequest()
            async let ending = crawl.run(recipe, stop: stop)
            for path in held { try await site.requested(path) }
            stop.escalate()
            for path in held { site.release(path) }
            let ended = try await ending
            #expect(ended == .stopped)
            #expect(try crawl.ask("select ending from runs") == ["stopped"])
            #expect(crawl.pictures().count == 3)
            #expect(site.ledger.requests.count == 5)
            try await expectNothingHeld(site)

            let last = try await crawl.run(recipe)
            #expect(last == .finished)
            #expect(crawl.pictures().count == 20)
            #expect(site.ledger.requests.count == 22)
        }
    }

    @Test func `a second stop gives up what is in flight, and no try is counted`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            let held = site.gallery.items.prefix(3).map(\.path) + [site.gallery.path(ofPage: 2)]
            for path in held { site.hold(path) }
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 3 }")
            let stop = StopRequest()
            async let ending = crawl.run(recipe, stop: stop)
            for path in held { try await site.requested(path) }
            stop.escalate()
            stop.escalate()
            let ended = try await ending
            #expect(ended == .stopped)
            try await expectNothingHeld(site)
            #expect(try crawl.ask("select sum(attempts) from image") == [0])
            #expect(try crawl.ask("select sum(interrupted) from image") == [0])
            #expect(crawl.pictures().isEmpty)
            #expect(crawl.parts().isEmpty)

            for path in held { site.release(path) }
            let last = try await crawl.run(recipe)
            #expect(last == .finished)
            #expect(crawl.pictures().count == 40)
        }
    }

    @Test func `a stop ends a crawl that waits for a retry`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let picture = site.gallery.items[2].path
            site.fault(.status(503), at: picture)
            let stop = StopRequest()
            let waiting = CrawlFixture { duration in
                // The committer's moment of patience is no such wait.
                guard duration > .milliseconds(500) else { return }
                stop.escalate()
                try await Task.sleep(for: .seconds(3600))
            }
            let last = try await waiting.run(CrawlFixture.recipe(for: site), stop: stop)
            #expect(last == .stopped)
            #expect(waiting.pictures().count == 3)
            #expect(site.ledger.count(picture) == 1)
        }
    }

    @Test func `a stop before the beginning asks for nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let stop = StopRequest()
            stop.escalate()
            let recipe = CrawlFixture.recipe(for: site)
            let last = try await crawl.run(recipe, stop: stop)
            #expect(last == .stopped)
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test func `a disk that fails ends the crawl with its error, and nothing is left running`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            let held = site.gallery.items.prefix(5).map(\.path) + [site.gallery.path(ofPage: 2)]
            for path in held { site.hold(path) }
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 5 }")
            let parts = crawl.folder.parts
            let run = Task { try await crawl.run(recipe) }
            for path in held { try await site.requested(path) }
            try FileManager.default.removeItem(atPath: parts)
            site.release(held[0])
            await #expect(throws: StoreError.self) { try await run.value }
            try await expectNothingHeld(site)
            #expect(try crawl.ask("select ending from runs") == ["broken"])
            #expect(try crawl.ask("select count(*) from attempt") == [0])
            #expect(crawl.pictures().isEmpty)

            for path in held { site.release(path) }
            let last = try await crawl.run(recipe)
            #expect(last == .finished)
            #expect(crawl.pictures().count == 40)
        }
    }

    @Test func `a cancelled crawl ends, and gives back what it held`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            let held = site.gallery.items.prefix(5).map(\.path)
            for path in held { site.hold(path) }
            let recipe = CrawlFixture.recipe(for: site)
            let run = Task { try await crawl.run(recipe) }
            for path in held { try await site.requested(path) }
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            try await expectNothingHeld(site)
            for path in held { site.release(path) }
            let last = try await crawl.run(recipe)
            #expect(last == .finished)
            #expect(crawl.pictures().count == 40)
        }
    }

    @Test func `a fetcher that is shut down fails tasks, but ends no crawl in a hang`() async throws
    {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let fetcher = try Fetcher()
            fetcher.shutdown()
            let recipe = CrawlFixture.recipe(for: site)
            let last = try await crawl.run(recipe, fetcher: fetcher)
            #expect(last == .finished)
            #expect(
                try crawl.ask("select error_class from failures", as: String.self)
                    == ["interrupted"]
            )
        }
    }

    @Test func `stops at any moment lose nothing and repeat little`() async throws {
        try await SampleSite.serve(Gallery(pages: 10)) { site in
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 10 }")
            var ending = RunEnding.stopped
            var runs = 0
            while ending != .finished {
                runs += 1
                let stop = StopRequest()
                async let run = crawl.run(recipe, stop: stop)
                // Half of them in haste.
                try? await site.requested(times: runs * 12, within: .milliseconds(500))
                stop.escalate()
                if runs.isMultiple(of: 2) { stop.escalate() }
                ending = try await run
                if try crawl.ask("select count(*) from image where state = 0") == [0] { break }
                try #require(runs < 100)
            }
            let last = try await crawl.run(recipe)
            #expect(last == .finished)
            #expect(crawl.pictures().count == 200)
            for item in site.gallery.items {
                let file = item.caption + site.gallery.picture(of: item).format.suffix
                #expect(crawl.bytes(of: file) == site.gallery.picture(of: item).bytes)
            }
            #expect(site.ledger.requests.count <= 210 + runs * 13)
            let doubles = "select count(*) from attempts where outcome = 'done'"
            #expect(try crawl.ask(doubles) == [210])
        }
    }
}
