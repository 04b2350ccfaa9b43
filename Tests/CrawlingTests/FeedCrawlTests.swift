import CrawlModel
import Foundation
import SampleSite
import Testing

/// Crawls that begin with a sitemap or a feed.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct FeedCrawlTests {
    /// `<urlset>` of `/p1` and `/p2`, packed with gzip.
    private static let packedMap = """
        H4sIAAAAAAACA7MpLcopTi2xswHSdjY5+cl2+gWGNvogho0+WAxJwghFQh+qFQANS9eMQwAAAA==
        """

    private static func picture(_ item: Gallery.Item) -> String {
        "<img class=big src='\(item.path)'>"
    }

    @Test func `a sitemap of sitemaps, packed or not, leads to every page`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3)) { site async throws in
            let items = site.gallery.items
            let index =
                "<sitemapindex><sitemap><loc>/a.xml.gz</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap>"
            let packed = Data(base64Encoded: Self.packedMap) ?? Data()
            site.route("/map.xml", to: .init(body: Array((index + "</sitemapindex>").utf8)))
            site.route("/a.xml.gz", to: .init(body: Array(packed)))
            site.route(
                "/b.xml",
                to: .init(body: Array("<urlset><url><loc>/p3</loc></url></urlset>".utf8))
            )
            for (index, item) in items.enumerated() {
                site.route("/p\(index + 1)", to: .html(Self.picture(item)))
            }
            let crawl = CrawlFixture()
            let recipe = """
                pages: { sitemap: "\(site.address(of: "/map.xml"))" }
                item: { each: img.big, image: "::attr(src)" }
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            let found = try crawl.rows("select url from downloads order by page_url")
            #expect(found == items.map { [site.address(of: $0)] })
            #expect(
                try crawl.rows("select level, count(*), sum(items) from pages group by 1")
                    == [["-1", "3", "5"], ["0", "3", "3"]]
            )
        }
    }

    @Test func `a damaged sitemap is a failure of class extraction`() async throws {
        try await SampleSite.serve(Gallery(pages: 0)) { site async throws in
            let packed = Data(base64Encoded: Self.packedMap) ?? Data()
            site.route("/map.xml", to: .init(body: Array(packed.dropLast(12))))
            let crawl = CrawlFixture()
            let recipe = """
                pages: { sitemap: "\(site.address(of: "/map.xml"))" }
                item: { each: img, image: "::attr(src)" }
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            let failures = try crawl.rows("select error_class, message from failures")
            #expect(failures == [["extraction", "the page is packed with gzip and damaged"]])
        }
    }

    @Test func `a feed is crawled to its last page`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site async throws in
            let items = site.gallery.items
            for page in 1...2 {
                let entries = items[(page * 2 - 2)..<(page * 2)].map { item in
                    """
                    <entry><title>\(item.caption)</title><published>2024-0\(item.index + 1)-02T00:00:00Z</published>
                    <link rel="enclosure" type="image/png" href="\(item.path)"/></entry>
                    """
                }
                let next = page == 1 ? "<link rel='next' href='/feed?p=2'/>" : ""
                let feed =
                    "<feed xmlns='http://www.w3.org/2005/Atom'>\(next)\(entries.joined())</feed>"
                let target = page == 1 ? "/feed" : "/feed?p=2"
                site.route(target, to: .init(body: Array(feed.utf8)))
            }
            let crawl = CrawlFixture()
            let recipe = """
                pages: "\(site.address(of: "/feed"))"
                item: feed
                path: "{date:yyyy}/{date:MM}-{name}{extension}"
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            for item in items {
                let picture = site.gallery.picture(of: item)
                let path = "2024/0\(item.index + 1)-\(item.caption)\(picture.format.suffix)"
                #expect(crawl.bytes(of: path) == picture.bytes, "\(path)")
            }
            #expect(try crawl.ask("select count(*) from downloads") == [4])
        }
    }
}
