import CrawlModel
import SampleSite
import Storage
import Testing

/// What an item gives, from the page to the database and the disk.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ItemTests {
    private static func recipe(_ site: SampleSite, _ item: String) -> String {
        """
        pages: "\(site.address(of: "/list?page=3"))"
        item:
          each: article
          image: ["img::attr(data-original)", "img::attr(srcset)"]
          name: ["h2::text", "img::attr(alt)"]
          fields: { author: "i::text", date: "time::text", tags: { all: "u::text" } }
          transform: { date: { date: d.M.yyyy } }
        \(item)
        path: "{author}/{date:yyyy-MM}/{page}-{index:03}-{name}{extension}"
        timeout: 300s
        """
    }

    private static func page(_ site: SampleSite) -> String {
        let pictures = site.gallery.items.map(\.path)
        return """
            <article><h2>One</h2><img src=x data-original=\(pictures[0])><i>ann/bob</i>
            <u>cat</u><u>"dog"</u><time>6.5.2024</time></article>
            <article><img srcset="/no 100w, \(pictures[1]) 900w" alt=Two><time>never</time></article>
            <article><h2>Three</h2><img src=x data-original=\(pictures[2])><u>dog</u></article>
            """
    }

    @Test func `fields are kept, make the path, and filters leave items out`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3)) { site async throws in
            site.route("/list?page=3", to: .html(Self.page(site)))
            let crawl = CrawlFixture()
            let recipe = Self.recipe(site, "  unless: { tags: [DOG, bird] }")
            #expect(try await crawl.run(recipe) == .finished)
            let items = site.gallery.items
            let suffixes = items.map { site.gallery.picture(of: $0).format.suffix }
            let paths = [
                "ann_bob/2024-05/3-001-One\(suffixes[0])",
                "untitled/untitled/3-002-Two\(suffixes[1])",
            ]
            #expect(crawl.pictures() == paths)
            for (index, path) in paths.enumerated() {
                #expect(crawl.bytes(of: path) == site.gallery.picture(of: items[index]).bytes)
            }
            #expect(
                try crawl.rows("select fields from downloads order by id") == [
                    [#"{"author":"ann/bob","date":"2024-05-06","tags":["cat","\"dog\""]}"#], ["-"],
                ]
            )
            #expect(
                try crawl.rows("select reason, url, message, fields from skips") == [
                    [
                        "filtered", site.address(of: items[2]),
                        "'tags' is 'dog', which the recipe's 'unless' leaves out",
                        #"{"tags":["dog"]}"#,
                    ]
                ]
            )
            #expect(site.ledger.count(items[2].path) == 0)
            #expect(try crawl.rows("select items, new_images from pages") == [["3", "2"]])
        }
    }

    @Test func `what was left out stays so, and counts agree`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3)) { site async throws in
            site.route("/list?page=3", to: .html(Self.page(site) + Self.page(site)))
            let crawl = CrawlFixture()
            let recipe = Self.recipe(site, "  only: { name: { regex: T } }")
            try await crawl.run(recipe)
            try await crawl.run(recipe)
            #expect(try crawl.ask("select count(*) from skips") == [1])
            #expect(try crawl.ask("select images_skipped from runs order by id") == [1, 0])
            let isSound = try CrawlReader(crawl.folder).violations().isEmpty
            #expect(isSound)
        }
    }
}
