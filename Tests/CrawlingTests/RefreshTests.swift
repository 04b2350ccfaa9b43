import CrawlModel
import Crawling
import SampleSite
import Storage
import Testing

/// Crawls that are made again, to find what is new.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RefreshTests {
    private let crawl = CrawlFixture()

    /// Shows items on listing pages, each with the link to the next, and a tag that changes with them.
    private func show(_ pages: [ArraySlice<Gallery.Item>], on site: SampleSite) {
        for (index, items) in pages.enumerated() {
            let number = index + 1
            let next = number < pages.count ? "<a rel=next href='/list/\(number + 1)'>next</a>" : ""
            let html = CrawlFixture.page(items.map { (site.address(of: $0), $0.caption) }) + next
            var response = SampleSite.Response.html(html)
            let shown = items.map { "\($0.index)" } + [next.isEmpty ? "end" : "next"]
            response.headers["ETag"] = "\"\(shown.joined(separator: "-"))\""
            site.route("/list/\(number)", to: response)
        }
    }

    private func recipe(_ site: SampleSite, _ pages: Int, _ more: String = "") -> String {
        CrawlFixture.recipe(for: site, pages: (1...pages).map { "/list/\($0)" }, more)
    }

    @discardableResult
    private func refresh(_ recipe: String) async throws -> RunEnding {
        try await crawl.run(recipe) { _ = try await $0.refreshPages() }
    }

    private func pictureCounts(_ site: SampleSite) -> Set<Int> {
        Set(site.gallery.items.map { site.ledger.count($0.path) })
    }

    private func conditions(_ site: SampleSite, after first: Int) -> [String?] {
        site.ledger.requests[first...].filter { $0.target.hasPrefix("/list/") }
            .map { $0.headers["If-None-Match"] }
    }

    @Test func `pages that did not change are asked for once more and not read`() async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            show([items[0..<4], items[4..<8]], on: site)
            try await crawl.run(recipe(site, 2))
            let before = try crawl.rows("select items, new_images, bytes, encoding from pages")
            let asked = site.ledger.requests.count
            try await refresh(recipe(site, 2))
            #expect(site.ledger.requests.count == asked + 2)
            #expect(Set(conditions(site, after: asked)) == [#""0-1-2-3-next""#, #""4-5-6-7-end""#])
            #expect(try crawl.ask("select http_status from pages") == [304, 304])
            #expect(try crawl.ask("select attempts from pages") == [2, 2])
            #expect(try crawl.ask("select pages_done from runs order by id") == [2, 2])
            let after = try crawl.rows("select items, new_images, bytes, encoding from pages")
            #expect(after == before)
            #expect(try CrawlReader(crawl.folder).violations() == [])
        }
    }

    @Test func `in a gallery that shifts only what is new is fetched`() async throws {
        try await SampleSite.serve(Gallery(pages: 3, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            show([items[2..<6], items[6..<10]], on: site)
            try await crawl.run(recipe(site, 2))
            // Two are new, and the last two of each page are on the next one now.
            show([items[0..<4], items[4..<8], items[8..<12]], on: site)
            try await refresh(recipe(site, 3))
            #expect(pictureCounts(site) == [1])
            #expect(try crawl.ask("select count(*) from downloads") == [12])
            #expect(try crawl.ask("select new_images from pages order by id") == [2, 0, 2])
            #expect(try crawl.ask("select images_done from runs order by id") == [8, 4])
            #expect(try CrawlReader(crawl.folder).violations() == [])
        }
    }

    @Test(arguments: ["next", "sitemap"])
    func `a listing that grew is followed to its new end`(_ kind: String) async throws {
        try await SampleSite.serve(Gallery(pages: 3, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            func list(_ pages: Int) {
                let addresses = (1...pages).map {
                    "<url><loc>\(site.address(of: "/list/\($0)"))</loc></url>"
                }
                site.route("/map.xml", to: .html("<urlset>\(addresses.joined())</urlset>"))
            }
            let start =
                kind == "next"
                ? #"pages: "\#(site.address(of: "/list/1"))""#
                : #"pages: { sitemap: "\#(site.address(of: "/map.xml"))" }"#
            let recipe = """
                \(start)
                \(kind == "next" ? #"next: "a[rel=next]::attr(href)""# : "")
                item: { each: "a.col-xs-6", image: "img::attr(data-original)", name: "p::text" }
                timeout: 300s
                """
            show([items[3..<7], items[7..<10]], on: site)
            list(2)
            try await crawl.run(recipe)
            #expect(try crawl.ask("select count(*) from downloads") == [7])
            show([items[0..<4], items[4..<8], items[8..<12]], on: site)
            list(3)
            try await refresh(recipe)
            #expect(pictureCounts(site) == [1])
            #expect(try crawl.ask("select count(*) from downloads") == [12])
            #expect(site.ledger.count("/list/3") == 1)
            #expect(try CrawlReader(crawl.folder).violations() == [])
        }
    }

    private static func chain(_ site: SampleSite, pageWorkers: Int) -> String {
        """
        pages: "\(site.address(of: "/list/1"))"
        next: "a[rel=next]::attr(href)"
        item: { each: "a.col-xs-6", image: "img::attr(data-original)", name: "p::text" }
        workers: { pages: \(pageWorkers) }
        timeout: 300s
        """
    }

    @Test(arguments: [1, 3])
    func `a gallery that grew by a whole page at its beginning is read to its end`(
        pageWorkers: Int
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 3, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            show([items[4..<8], items[8..<10]], on: site)
            let recipe = Self.chain(site, pageWorkers: pageWorkers)
            try await crawl.run(recipe)
            // The second page has what the first one had, and is no repetition.
            show([items[0..<4], items[4..<8], items[8..<12]], on: site)
            try await refresh(recipe)
            #expect(pictureCounts(site) == [1])
            #expect(try crawl.ask("select count(*) from downloads") == [12])
            #expect(site.ledger.count("/list/3") == 1)
        }
    }

    @Test(arguments: [1, 3], [false, true])
    func `a gallery without an end is not followed further each time`(
        pageWorkers: Int,
        grows: Bool
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 3, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            func showForEver(from first: Int) {
                let pages = stride(from: first, to: 12, by: 4).map { items[$0..<$0 + 4] }
                for number in 1...9 {
                    let shown = pages[min(number, pages.count) - 1]
                    let next = "<a rel=next href='/list/\(number + 1)'>next</a>"
                    let list = CrawlFixture.page(
                        shown.map { (site.address(of: $0), $0.caption) }
                    )
                    site.route("/list/\(number)", to: .html(list + next))
                }
            }
            showForEver(from: grows ? 4 : 0)
            let recipe = Self.chain(site, pageWorkers: pageWorkers)
            try await crawl.run(recipe)
            showForEver(from: 0)
            for _ in 1...3 { try await refresh(recipe) }
            #expect(try crawl.ask("select count(*) from downloads") == [12])
            // The one behind the last page tells that it is the last.
            #expect(site.ledger.count("/list/4") > 0)
            #expect(site.ledger.count("/list/5") == 0)
        }
    }

    @Test func `a date does for a tag, and without both a page is read`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 2)) { site in
            let date = "Sun, 01 Jul 2018 08:00:00 GMT"
            let page = CrawlFixture.page(
                site.gallery.items.map { (site.address(of: $0), $0.caption) }
            )
            var dated = SampleSite.Response.html(page)
            dated.headers["Last-Modified"] = date
            site.route("/list/1", to: dated)
            site.route("/list/2", to: .html(page))
            try await crawl.run(recipe(site, 2))
            try await refresh(recipe(site, 2))
            let asked = site.ledger.requests.filter { $0.target.hasPrefix("/list/") }
            #expect(asked.compactMap { $0.headers["If-Modified-Since"] } == [date])
            #expect(asked.allSatisfy { $0.headers["If-None-Match"] == nil })
            #expect(try crawl.ask("select http_status from pages order by id") == [304, 200])
        }
    }

    @Test func `another recipe reads pages whatever they are, also after a crash`() async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            show([items[0..<4], items[4..<8]], on: site)
            try await crawl.run(recipe(site, 2))
            var asked = site.ledger.requests.count
            try await refresh(recipe(site, 2, "path: 'new/{name}{extension}'"))
            #expect(conditions(site, after: asked) == [nil, nil])
            // Begun with one recipe, taken up with another.
            asked = site.ledger.requests.count
            let stop = StopRequest()
            stop.escalate()
            try await crawl.run(recipe(site, 2, "path: 'new/{name}{extension}'"), stop: stop) {
                _ = try await $0.refreshPages()
            }
            try await crawl.run(recipe(site, 2))
            #expect(conditions(site, after: asked) == [nil, nil])
        }
    }

    @Test func `the page of an imported list is not asked for`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            show([items[0..<2]], on: site)
            let image = ListedImage(
                discovery: Discovery(
                    reference: site.address(of: items[3]),
                    address: .success(try WebAddress(site.address(of: items[3]))),
                    name: "listed"
                ),
                path: ImagePath(folder: "", stem: "listed", extensionName: ".jpg"),
                page: nil,
                digest: nil
            )
            try await crawl.run(recipe(site, 1)) { store in
                _ = try await store.add([image], ofList: "list.txt", onConflict: .skip)
            }
            #expect(try await refresh(recipe(site, 1)) == .finished)
            #expect(try crawl.ask("select count(*) from downloads") == [3])
            #expect(
                try crawl.rows("select http_status from pages order by id") == [["304"], ["-"]]
            )
            #expect(try CrawlReader(crawl.folder).violations() == [])
        }
    }

    @Test func `a page that fails when it is read again keeps what it gave`() async throws {
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 4)) { site in
            let items = site.gallery.items
            show([items[0..<4], items[4..<8]], on: site)
            try await crawl.run(recipe(site, 2))
            site.fault(.status(404), at: "/list/2")
            try await refresh(recipe(site, 2))
            #expect(try crawl.ask("select count(*) from downloads") == [8])
            #expect(try crawl.ask("select error_class from failures") == ["http_4xx"])
            site.fault(nil, at: "/list/2")
            let asked = site.ledger.requests.count
            try await crawl.run(recipe(site, 2)) { _ = try await $0.retry(RetrySelection()) }
            // What failed is read, whatever it was before.
            #expect(conditions(site, after: asked) == [nil])
            #expect(try crawl.ask("select count(*) from pages where state = 'done'") == [2])
            #expect(pictureCounts(site) == [1])
        }
    }
}
