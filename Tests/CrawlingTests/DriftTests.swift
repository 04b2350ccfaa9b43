import CrawlModel
import SampleSite
import Storage
import Testing

/// Pages that give less than they should, and their second reading.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DriftTests {
    @Test func `pages that drifted are told, and read again by a mended recipe`() async throws {
        try await SampleSite.serve(Gallery(pages: 7, itemsPerPage: 8)) { site async throws in
            let gallery = site.gallery
            func page(_ number: Int, _ kinds: (Int) -> String) -> String {
                gallery.items(onPage: number).enumerated().map { place, item in
                    "<div class=\(kinds(place))><img src='\(item.path)'><p>\(item.caption)</p></div>"
                }.joined()
            }
            // Page 2 was redesigned, page 4 half-way, page 7 is the last and short.
            site.route(gallery.path(ofPage: 2), to: .html(page(2) { _ in "new" }))
            site.route(gallery.path(ofPage: 4), to: .html(page(4) { $0 == 0 ? "old" : "new" }))
            site.route(gallery.path(ofPage: 7), to: .html(page(7) { $0 == 0 ? "old" : "none" }))
            for number in [1, 3, 5, 6] {
                site.route(gallery.path(ofPage: number), to: .html(page(number) { _ in "old" }))
            }
            func recipe(_ each: String) -> String {
                let start = site.address(of: "/photo/list/?page={1..7}")
                return """
                    pages: "\(start)"
                    item: { each: "\(each)", image: "img::attr(src)", name: "p::text" }
                    timeout: 300s
                    """
            }
            let crawl = CrawlFixture()
            try await crawl.run(recipe(".old"))
            #expect(
                try crawl.rows(
                    "select url, items, cast(usual_items as text) from drifts order by id"
                )
                    == [
                        [site.address(of: gallery.path(ofPage: 2)), "0", "4.9"],
                        [site.address(of: gallery.path(ofPage: 4)), "1", "4.9"],
                    ]
            )
            let drifts = try CrawlReader(crawl.folder).drifts()
            #expect(drifts.pages == 1)
            #expect(drifts.example == site.address(of: gallery.path(ofPage: 4)))

            let selection = RetrySelection(kinds: [.page], classes: [.extraction])
            let plan = try CrawlReader(crawl.folder).plan(selection, listed: 9)
            #expect(plan.groups.map(\.tasks) == [2])
            #expect(plan.groups.map(\.errorClass) == [.extraction])
            try await crawl.run(recipe(".old, .new")) { store in
                let others = try await store.retry(RetrySelection(kinds: [.page]))
                #expect(others == [.page: 0])
                #expect(try await store.retry(selection) == [.page: 2])
            }
            #expect(try crawl.ask("select count(*) from drifts") == [0])
            #expect(try crawl.ask("select count(*) from downloads") == [6 * 8 + 1])
            #expect(
                try crawl.rows(
                    "select number, outcome, error_class, message from attempts where kind = 'page' and task_id = 4 order by 1"
                )
                    == [
                        ["1", "failed", "extraction", "it was read, and items found on it: 1"],
                        ["2", "done", "-", "-"],
                    ]
            )
            #expect(
                try crawl.rows("select new_images from pages where id in (2, 4)") == [["8"], ["7"]]
            )
            let violations = try CrawlReader(crawl.folder).violations().count
            #expect(violations == 0)
            #expect(site.ledger.count(gallery.path(ofPage: 1)) == 1)
            #expect(site.ledger.count(gallery.path(ofPage: 4)) == 2)
        }
    }
}
