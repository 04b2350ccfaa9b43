import CrawlModel
import Crawling
import Foundation
import SampleSite
import Storage
import TestSupport
import Testing

/// Saved pictures that are asked for again.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RefreshImagesTests {
    let crawl = CrawlFixture()
    static let gallery = Gallery(pages: 1, itemsPerPage: 12)

    /// The response with a picture of the same format that the item does not have.
    func other(_ item: Int, _ number: Int = 1) -> SampleSite.Response {
        let format = Self.gallery.picture(of: Self.gallery.items[item]).format
        return .picture(Picture(format, number: UInt64(1000 * number + item)))
    }

    func recipe(_ site: SampleSite, _ more: String = "") -> String {
        CrawlFixture.recipe(for: site, more)
    }

    func refresh(_ recipe: String, stop: StopRequest = StopRequest()) async throws {
        try await crawl.run(recipe, stop: stop) { _ = try await $0.refreshImages() }
    }

    /// Where an item's picture was saved first.
    func path(_ item: Int) -> String {
        let gallery = Self.gallery
        return "\(Gallery.caption(item)).\(gallery.items[item].path.split(separator: ".")[1])"
    }

    func beside(_ item: Int, _ number: Int) -> String {
        path(item).replacing(".", with: " (\(number)).")
    }

    private func whole(_ site: SampleSite, after first: Int) -> [String] {
        site.ledger.requests[first...].filter { $0.headers["If-None-Match"] == nil }.map(\.target)
    }

    func expectSound(
        files: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var found: [Violation] = []
        var checked = 0
        try await Verification(crawl.folder, threads: 2).run { step in
            found += step.violations
            checked = step.filesChecked
        }
        #expect(found == [], sourceLocation: sourceLocation)
        #expect(checked == Self.gallery.items.count, sourceLocation: sourceLocation)
        #expect(crawl.pictures().count == files, sourceLocation: sourceLocation)
        #expect(crawl.parts() == [], sourceLocation: sourceLocation)
        #expect(
            try crawl.ask("select count(*) from refresh") == [0],
            sourceLocation: sourceLocation
        )
        let coming = try crawl.ask(
            "select count(*) from version where how = 'coming'",
            as: Int.self
        )
        #expect(coming == [0], sourceLocation: sourceLocation)
    }

    @Test func `pictures that did not change are asked for on condition, and none comes`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            try await crawl.run(recipe(site))
            let before = try crawl.rows("select * from downloads")
            let files = crawl.pictures().map { crawl.bytes(of: $0) }
            let (asked, sent) = (site.ledger.requests.count, site.ledger.bytesSent)
            try await refresh(recipe(site))
            #expect(site.ledger.requests.count == asked + 12)
            #expect(whole(site, after: asked) == [])
            #expect(site.ledger.bytesSent - sent < 12 * 300)
            #expect(try crawl.rows("select * from downloads") == before)
            #expect(crawl.pictures().map { crawl.bytes(of: $0) } == files)
            #expect(
                try crawl.rows(
                    "select images_done, images_unchanged, images_changed, bytes from runs where id = 2"
                ) == [["0", "12", "0", "0"]]
            )
            try await expectSound(files: 12)
        }
    }

    @Test func `a picture that changed is kept, and the other one is saved beside it`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            try await crawl.run(recipe(site))
            let old = crawl.bytes(of: path(4))
            let row = try crawl.rows("select sha256, finished_at from downloads where id = 5")
            for turn in 2...4 {
                crawl.clock.advance(by: .seconds(3600))
                site.route(site.gallery.items[4].path, to: other(4, turn))
                try await refresh(recipe(site))
                #expect(crawl.bytes(of: beside(4, turn)) == other(4, turn).body)
                #expect(
                    try crawl.rows("select path, caption, attempts from downloads where id = 5")
                        == [[beside(4, turn), Gallery.caption(4), "\(turn)"]]
                )
                try await expectSound(files: 11 + turn)
            }
            #expect(crawl.bytes(of: path(4)) == old)
            let formers = try crawl.rows(
                "select path, how, run_id, replaced_run_id, path_now from formers order by id"
            )
            #expect(
                formers == [
                    [path(4), "kept", "1", "2", beside(4, 4)],
                    [beside(4, 2), "kept", "2", "3", beside(4, 4)],
                    [beside(4, 3), "kept", "3", "4", beside(4, 4)],
                ]
            )
            #expect(
                try crawl.rows("select sha256, finished_at from formers order by id limit 1") == row
            )
            #expect(try crawl.ask("select images_changed from runs") == [0, 1, 1, 1])
        }
    }

    @Test func `a picture that changed is replaced where the recipe says so`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "on_change: replace")
            try await crawl.run(recipe)
            let old = try crawl.rows("select sha256, bytes from downloads where id = 5")
            for turn in 1...2 {
                site.route(site.gallery.items[4].path, to: other(4, turn))
                try await refresh(recipe)
                #expect(crawl.bytes(of: path(4)) == other(4, turn).body)
                try await expectSound(files: 12)
            }
            #expect(
                try crawl.rows("select path, how from formers")
                    == [[path(4), "replaced"], [path(4), "replaced"]]
            )
            #expect(
                try crawl.rows("select sha256, bytes from formers order by id limit 1") == old
            )
            // What came is what is asked about the next time.
            let asked = site.ledger.requests.count
            try await refresh(recipe)
            #expect(whole(site, after: asked) == [])
        }
    }

    @Test(arguments: ["keep", "replace"])
    func `a picture of another format has another extension, and stands beside the older one`(
        _ rule: String
    ) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "on_change: \(rule)")
            try await crawl.run(recipe)
            let png = SampleSite.Response.picture(Picture(.png, number: 77, minimumBytes: 600))
            site.route(site.gallery.items[4].path, to: png)
            try await refresh(recipe)
            #expect(crawl.bytes(of: "\(Gallery.caption(4)).png") == png.body)
            #expect(crawl.bytes(of: path(4)) != nil)
            #expect(try crawl.ask("select how from formers") == ["kept"])
            try await expectSound(files: 13)
        }
    }

    @Test func `a picture that can't be had again stays, and that is recorded`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "retries: { http_5xx: { tries: 2 } }")
            try await crawl.run(recipe)
            let before = try crawl.rows("select * from downloads")
            site.fault(.status(404), at: site.gallery.items[3].path)
            site.fault(.status(500), at: site.gallery.items[4].path)
            site.route(site.gallery.items[5].path, to: .html("<p>gone"))
            for turn in 1...2 {
                try await refresh(recipe)
                #expect(try crawl.rows("select * from downloads") == before)
                let attempts = try crawl.rows(
                    """
                    select task_id, count(*), max(number), error_class from attempts
                    where kind = 'refresh' group by 1 order by 1
                    """
                )
                #expect(
                    attempts == [
                        ["4", "\(turn)", "\(turn)", "http_4xx"],
                        ["5", "\(2 * turn)", "\(2 * turn)", "http_5xx"],
                        ["6", "\(2 * turn)", "\(2 * turn)", "not_an_image"],
                    ]
                )
                try await expectSound(files: 12)
            }
            #expect(
                try crawl.rows(
                    "select refreshes_failed, tries_failed, images_failed from runs where id = 3"
                ) == [["3", "5", "0"]]
            )
            #expect(try crawl.ask("select count(*) from failures") == [0])
        }
    }

    @Test func `without a validator a picture is had again and compared`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let items = site.gallery.items
            func show(_ item: Int, _ response: SampleSite.Response, tag: String?) {
                var response = response
                response.headers["ETag"] = tag
                response.headers["Last-Modified"] = nil
                site.route(items[item].path, to: response)
            }
            let same = SampleSite.Response.picture(site.gallery.picture(of: items[4]))
            show(4, same, tag: nil)
            show(5, .picture(site.gallery.picture(of: items[5])), tag: nil)
            // Too long to be kept for each of many pictures.
            show(
                6,
                .picture(site.gallery.picture(of: items[6])),
                tag: "\"\(String(repeating: "x", count: 99))\""
            )
            try await crawl.run(recipe(site))
            show(4, same, tag: "\"new\"")
            show(5, other(5), tag: nil)
            let asked = site.ledger.requests.count
            try await refresh(recipe(site))
            #expect(Set(whole(site, after: asked)) == Set([4, 5, 6].map { items[$0].path }))
            #expect(try crawl.ask("select path from formers") == [path(5)])
            #expect(try crawl.ask("select images_unchanged from runs where id = 2") == [11])
            try await expectSound(files: 13)
            // What the server said meanwhile is used.
            let askedAgain = site.ledger.requests.count
            try await refresh(recipe(site))
            #expect(Set(whole(site, after: askedAgain)) == Set([5, 6].map { items[$0].path }))
        }
    }

    @Test func `a date does for a tag`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            for item in site.gallery.items {
                var response = SampleSite.Response.picture(site.gallery.picture(of: item))
                response.headers["ETag"] = nil
                site.route(item.path, to: response)
            }
            try await crawl.run(recipe(site))
            let (asked, sent) = (site.ledger.requests.count, site.ledger.bytesSent)
            try await refresh(recipe(site))
            let dates = site.ledger.requests[asked...].map { $0.headers["If-Modified-Since"] }
            #expect(Set(dates) == ["Sun, 01 Jul 2018 08:00:00 GMT"])
            #expect(site.ledger.bytesSent - sent < 12 * 300)
        }
    }

    @Test func `pictures in their pages are not asked for, nor is what is not there`() async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            let picture = Picture(.png, number: 99, minimumBytes: 700)
            let data = "data:image/png;base64,\(Data(picture.bytes).base64EncodedString())"
            site.route("/list", to: .html(CrawlFixture.page([(data, "inline")])))
            site.fault(.status(404), at: site.gallery.items[3].path)
            let pages = ["/list", site.gallery.path(ofPage: 1)]
            let recipe = CrawlFixture.recipe(for: site, pages: pages)
            try await crawl.run(recipe)
            let asked = site.ledger.requests.count
            try await refresh(recipe)
            #expect(site.ledger.requests.count == asked + 11)
            #expect(try crawl.ask("select images_unchanged from runs where id = 2") == [11])
            #expect(try CrawlReader(crawl.folder).violations() == [])
        }
    }

    @Test func `a refresh that is stopped goes on, one that is begun again asks for all`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            try await crawl.run(recipe(site))
            let stop = StopRequest()
            stop.escalate()
            try await refresh(recipe(site), stop: stop)
            #expect(try crawl.ask("select count(*) from refresh") == [12])
            #expect(
                try crawl.ask("select refreshes_ready from hosts where refreshes_ready > 0") == [12]
            )
            #expect(try CrawlReader(crawl.folder).violations() == [])
            site.fault(.status(503), at: site.gallery.items[0].path)
            let limit = RunLimits(images: 5)
            site.route(site.gallery.items[11].path, to: other(11))
            try await crawl.run(recipe(site), limits: limit)
            try await crawl.run(recipe(site))
            #expect(try crawl.ask("select sum(images_unchanged) from runs") == [10])
            #expect(try crawl.ask("select sum(images_changed) from runs") == [1])
            #expect(try crawl.ask("select sum(refreshes_failed) from runs") == [1])
            try await expectSound(files: 13)
        }
    }

    @Test func `a large picture that has changed and is cut off goes on where it was`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            let item = site.gallery.items[4]
            try await crawl.run(recipe(site))
            let block = (0..<65_521).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 3) }
            let tail = (0..<22).flatMap { _ in block }
            let large = SampleSite.Response(
                headers: ["ETag": "\"large\""],
                body: other(4).body + tail
            )
            site.route(item.path, to: large)
            site.fault(.first(1, .cut(after: 1_200_000)), at: item.path)
            let sent = site.ledger.bytesSent
            try await refresh(recipe(site))
            #expect(crawl.bytes(of: beside(4, 2)) == large.body)
            #expect(site.ledger.bytesSent - sent < large.body.count + 20_000)
            let last = site.ledger.requests.last { $0.target == item.path }
            #expect(last?.headers["If-Range"] == "\"large\"")
            #expect(last?.headers["If-None-Match"] == site.gallery.picture(of: item).tag)
            try await expectSound(files: 13)
        }
    }

    @Test func `a picture that is what it was again leaves nothing of what it was meanwhile`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            let item = site.gallery.items[4]
            let original = SampleSite.Response.picture(site.gallery.picture(of: item))
            // What waits for its next try finds the first picture.
            let crawl = CrawlFixture(sleep: { duration in
                guard duration > .milliseconds(100) else { return }
                site.route(item.path, to: original)
                site.fault(nil, at: item.path)
            })
            let recipe = recipe(site, "retries: { truncated: { base: 10s, jitter: 0 } }")
            try await crawl.run(recipe)
            let body = other(4).body + [UInt8](repeating: 1, count: 1_400_000)
            site.route(item.path, to: .init(headers: ["ETag": "\"large\""], body: body))
            site.fault(.cut(after: 1_200_000), at: item.path)
            try await crawl.run(recipe) { _ = try await $0.refreshImages() }
            let last = site.ledger.requests.last { $0.target == item.path }
            #expect(last?.headers["Range"] != nil)
            #expect(try crawl.ask("select images_unchanged from runs where id = 2") == [12])
            #expect(crawl.bytes(of: path(4)) == original.body)
            #expect(crawl.parts() == [])
        }
    }

    @Test func `what is forgotten, mended or saved anew is not asked for again`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            try await crawl.run(recipe(site))
            try FileManager.default.removeItem(atPath: crawl.folder.path + "/" + path(4))
            var missing: [Violation] = []
            try await Verification(crawl.folder, threads: 1).run { missing += $0.violations }
            let violations = missing
            try await crawl.withStore(recipe(site)) { store in
                var counts = [try await store.refreshImages()]
                var selection = HistorySelection()
                selection.path = path(6)
                counts.append(try await store.forget(selection))
                counts.append(try await store.repair(violations))
                counts.append(store.tally.tasks(.refresh, .ready))
                counts.append(try await store.refreshImages())
                #expect(counts == [12, 1, 1, 10, 10])
            }
            #expect(try CrawlReader(crawl.folder).violations() == [])
            try await crawl.run(recipe(site))
            #expect(try crawl.ask("select count(*) from downloads") == [11])
            #expect(try crawl.ask("select max(images_unchanged) from runs") == [10])
            #expect(try CrawlReader(crawl.folder).violations() == [])
        }
    }

    @Test func `a picture that robots txt forbids by now stays`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "robots: obey")
            try await crawl.run(recipe)
            var robots = SampleSite.Response.html("User-agent: *\nDisallow: /pic/")
            robots.headers["Content-Type"] = "text/plain"
            site.route("/robots.txt", to: robots)
            crawl.clock.advance(by: .seconds(200_000))
            try await refresh(recipe)
            #expect(
                try crawl.ask("select distinct error_class from attempts where kind = 'refresh'")
                    == ["robots"]
            )
            #expect(try crawl.ask("select count(*) from downloads") == [12])
            try await expectSound(files: 12)
        }
    }
}
