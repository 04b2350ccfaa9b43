import CrawlModel
import Crawling
import SampleSite
import Storage
import TestSupport
import Testing

/// What a run does at most, and how it ends then.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LimitTests {
    private let crawl = CrawlFixture()

    @Test(arguments: [1, 7, 20, 25])
    func `never more pictures are saved than allowed, and the next run does the rest`(
        images: Int
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            site.fault(.status(404), at: site.gallery.items[2].path)
            let recipe = CrawlFixture.recipe(for: site)
            let stop = StopRequest()
            let ending = try await crawl.run(
                recipe,
                stop: stop,
                limits: RunLimits(images: images)
            )
            #expect(ending == .stopped)
            #expect(stop.limit == .images)
            #expect(crawl.pictures().count == images)
            #expect(try crawl.ask("select images_done from runs") == [images])
            #expect(try crawl.ask("select count(*) from image where state = 1") == [0])
            #expect(crawl.parts().isEmpty)

            #expect(try await crawl.run(recipe) == .finished)
            #expect(crawl.pictures().count == 39)
            // The page and the pictures once each, robots.txt once.
            #expect(site.ledger.requests.count == 1 + 2 + 40)
        }
    }

    @Test func `a limit that is reached with the last task has stopped nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let recipe = CrawlFixture.recipe(for: site)
            let ending = try await crawl.run(recipe, limits: RunLimits(images: 20))
            #expect(ending == .finished)
            #expect(try crawl.ask("select ending from runs") == ["finished"])
        }
    }

    @Test func `after so many bytes only what is in flight is finished`() async throws {
        let gallery = Gallery(pages: 1, itemsPerPage: 40, pictureBytes: 10_000)
        try await SampleSite.serve(gallery) { site in
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 3 }")
            let stop = StopRequest()
            let crawl = CrawlFixture { duration in
                // What is in flight is given the time that it needs.
                if duration == .seconds(30) { try await Task.sleep(for: .seconds(3600)) }
            }
            let limits = RunLimits(bytes: 100_000)
            let ending = try await crawl.run(recipe, stop: stop, limits: limits)
            #expect(ending == .stopped)
            #expect(stop.limit == .bytes)
            let bytes = try #require(try crawl.ask("select bytes from runs", as: Int.self).first)
            #expect(bytes >= 100_000)
            #expect(bytes <= 100_000 + 4 * 11_000)
            #expect(try await crawl.run(recipe) == .finished)
            #expect(crawl.pictures().count == 40)
        }
    }

    @Test func `what is in flight at a limit has its time, however much comes meanwhile`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let held = site.gallery.items[0..<3].map(\.path)
            for path in held { site.hold(path) }
            let stop = StopRequest()
            let crawl = CrawlFixture { duration in
                if duration == .seconds(30) { try await Task.sleep(for: .seconds(3600)) }
            }
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 3 }")
            async let ending = crawl.run(recipe, stop: stop, limits: RunLimits(bytes: 1))
            for path in held { try await site.requested(path) }
            for (count, path) in held.enumerated() {
                site.release(path)
                try await eventually("\(path) is saved, or given up") {
                    try crawl.ask("select count(*) from downloads") == [count + 1]
                        || stop.urgency == .now
                }
            }
            #expect(try await ending == .stopped)
            #expect(stop.urgency == .soon)
            #expect(crawl.pictures().count == 3)
        }
    }

    @Test func `what is in flight when the time is over is given up after a while`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let held = site.gallery.items[4].path
            site.hold(held)
            let stop = StopRequest()
            let crawl = CrawlFixture { duration in
                // The time is over when the picture is in flight.
                if duration == .seconds(60) { try await site.requested(held) }
            }
            let recipe = CrawlFixture.recipe(for: site)
            let start = crawl.clock.now
            let limits = RunLimits(time: .seconds(60))
            let ending = try await crawl.run(recipe, stop: stop, limits: limits)
            #expect(ending == .stopped)
            #expect(stop.limit == .time)
            #expect(crawl.clock.now - start >= .seconds(90))
            #expect(try crawl.ask("select sum(attempts) from image where state <> 2") == [0])

            site.release(held)
            #expect(try await crawl.run(recipe) == .finished)
            #expect(crawl.pictures().count == 20)
        }
    }

    @Test func `a user who asks for an end is not told of a limit`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let held = site.gallery.items[0].path
            site.hold(held)
            let stop = StopRequest()
            let crawl = CrawlFixture { duration in
                if duration == .seconds(60) { try await site.requested(held) }
                if duration == .seconds(30) {
                    stop.escalate()
                    try await Task.sleep(for: .seconds(3600))
                }
            }
            let recipe = CrawlFixture.recipe(for: site)
            let limits = RunLimits(time: .seconds(60))
            let ending = try await crawl.run(recipe, stop: stop, limits: limits)
            #expect(ending == .stopped)
            #expect(stop.limit == nil)
            #expect(stop.urgency == .now)
        }
    }

    @Test func `too little room on the disk ends the run, and loses nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let recipe = CrawlFixture.recipe(for: site)
            do {
                try await crawl.run(recipe, limits: RunLimits(freeBytes: .max))
                Issue.record("there can't be so much room")
            } catch {
                guard case StoreError.diskLow(let folder, _, .max) = error else { throw error }
                #expect(folder == crawl.folder.path)
                #expect("\(error)".contains("run 'magpie resume \(folder)'"))
            }
            #expect(try crawl.ask("select ending from runs") == ["broken"])
            #expect(crawl.pictures().isEmpty)
            #expect(site.gallery.items.allSatisfy { site.ledger.count($0.path) == 0 })

            #expect(try await crawl.run(recipe, limits: RunLimits(freeBytes: 0)) == .finished)
            #expect(crawl.pictures().count == 20)
        }
    }

    @Test func `what an earlier try brought of a picture is not counted twice`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 2)) { site in
            let path = site.gallery.items[0].path
            site.route(path, to: .large(bytes: 3_000_000, seed: 4).tagged)
            site.fault(.first(1, .cut(after: 2_000_000)), at: path)
            let stop = StopRequest()
            let recipe = CrawlFixture.recipe(for: site, "workers: { images: 1 }")
            let limits = RunLimits(bytes: 4_000_000)
            let ending = try await crawl.run(recipe, stop: stop, limits: limits)
            #expect(ending == .finished)
            #expect(
                try crawl.ask("select http_status from downloads order by bytes desc")
                    == [206, 200]
            )
            #expect(stop.limit == nil)
        }
    }
}

extension SampleSite.Response {
    /// Itself with a tag, so that its rest can be asked for alone.
    fileprivate var tagged: Self {
        var response = self
        response.headers = ["ETag": #""large""#]
        return response
    }
}
