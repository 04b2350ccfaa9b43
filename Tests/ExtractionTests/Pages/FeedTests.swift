import CrawlModel
import Extraction
import Testing

/// Sitemaps, RSS and Atom.
struct FeedTests {
    private func read(_ page: String, level: Int = 0, recipe: String = "") throws -> PageReading {
        let text = """
            pages: { sitemap: http://site.test/map.xml }
            item: { feed: entries }
            \(recipe)
            """
        let recipe = try RecipeReader.read(text, file: "test.yaml")
        return try Extractor(recipe: recipe, processorTime: { .zero }).read(
            Array(page.utf8),
            contentType: nil,
            address: WebAddress("http://site.test/feeds/x.xml"),
            place: PagePlace(level: level)
        )
    }

    private static let rss = """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"
            xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
        <channel><title>All</title><link>http://site.test/</link><atom:link rel="next" href="?page=2"/>
        <item><title> Cats &amp; dogs </title><link>http://site.test/1</link><guid>g1</guid>
          <pubDate>Mon, 06 May 2024 07:08:09 GMT</pubDate><dc:creator>ann</dc:creator>
          <category>cat</category><category><![CDATA[a < b]]></category>
          <enclosure url="/1.jpg" type="image/jpeg" length="5"/><enclosure url="/1.mp3" type="audio/mpeg"/></item>
        <item><title>Two</title><link>/2</link><media:group><media:content url="/2a.png" medium="image"/>
          <media:content url="/2b.png"/></media:group><media:thumbnail url="/2s.png"/></item>
        <item><title>Three</title><media:thumbnail url="/3s.png"/><description>&lt;img src=/3.png&gt;</description></item>
        <item><title>Four</title><content:encoded><![CDATA[<p>x<IMG alt="y" src='/4.png'><img src="/no.png">]]></content:encoded></item>
        <item><title>Five</title><link>http://site.test/5</link></item>
        </channel></rss>
        """

    @Test func `the pictures of an RSS feed are items`() throws {
        let reading = try read(Self.rss)
        #expect(
            reading.items == [
                Item("Cats & dogs", "http://site.test/1.jpg"),
                Item("Two", "http://site.test/2a.png"),
                Item("Two", "http://site.test/2b.png"), Item("Three", "http://site.test/3s.png"),
                Item("Four", "http://site.test/4.png"),
            ]
        )
        #expect(reading.itemsWithoutImage == 1)
        #expect(reading.nextPages.map(\.description) == ["http://site.test/feeds/x.xml?page=2"])
        #expect(
            reading.discoveries[0].fields.json == """
                {"author":"ann","date":"2024-05-06T07:08:09","guid":"g1","link":"http://site.test/1",\
                "tags":["cat","a < b"]}
                """
        )
        #expect(reading.discoveries.map(\.index) == [1, 2, 3, 4, 5])
    }

    @Test func `the pictures of an Atom feed are items`() throws {
        let reading = try read(
            """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>All</title><author><name>all</name></author>
            <a:entry xmlns:a="http://www.w3.org/2005/Atom"><a:title>One</a:title><a:id>urn:1</a:id>
            <a:link href="/one"/><a:link rel="enclosure" type="image/png" href="/1.png"/>
            <a:author><a:name>bob</a:name><a:uri>x</a:uri></a:author><a:updated>2024-05-07T00:00:00Z</a:updated>
            <a:published>2024-05-06T00:00:00+02:00</a:published><a:category term="cat"/></a:entry>
            <entry><title>Two</title><content type="html">&lt;img width=1 src="/2.png"&gt;</content></entry></feed>
            """
        )
        #expect(
            reading.items == [
                Item("One", "http://site.test/1.png"), Item("Two", "http://site.test/2.png"),
            ]
        )
        let fields = reading.discoveries[0].fields
        #expect(fields["author"] == "bob" && fields["date"] == "2024-05-06T00:00:00")
        #expect(fields["link"] == "/one" && fields["tags"] == "cat" && fields["guid"] == "urn:1")
    }

    @Test func `the items of a feed are transformed and filtered`() throws {
        let reading = try read(
            Self.rss,
            recipe: "follow: []\nname: x"
        )
        #expect(reading.discoveries.count == 5)
        let text = """
            pages: http://site.test/
            item: { feed: entries, transform: { name: { replace: s } }, only: { tags: cat } }
            path: "{author}/{date:yyyy}/{name}{extension}"
            """
        let recipe = try RecipeReader.read(text, file: "test.yaml")
        let found = try Extractor(recipe: recipe).read(Self.rss).discoveries
        #expect(found.map { $0.refusal == nil } == [true, false, false, false, false])
        #expect(recipe.path.path(of: found[0], page: nil).description == "ann/2024/Cat & dog.jpg")
    }

    private static let map = """
        <?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc> http://site.test/a </loc><image:image><image:loc>http://site.test/no.jpg</image:loc></image:image></url>
        <url><loc>http://site.test/b?x=1&amp;y=2</loc></url><url><loc>http://site.test/a</loc></url></urlset>
        """

    @Test func `a sitemap leads to start pages`() throws {
        let reading = try read(Self.map, level: PagePlace.sitemap)
        #expect(
            reading.links.map(\.address.description) == [
                "http://site.test/a", "http://site.test/b?x=1&y=2",
            ]
        )
        #expect(reading.links.allSatisfy { $0.place.level == 0 })
        #expect(reading.discoveries.isEmpty)
    }

    @Test func `a sitemap of sitemaps leads to them, and a feed to its entries`() throws {
        let index = try read(
            "<sitemapindex><sitemap><loc>/m1.xml.gz</loc></sitemap><sitemap><loc>/m2.xml</loc></sitemap></sitemapindex>",
            level: PagePlace.sitemap
        )
        #expect(index.links.map(\.address.target) == ["/m1.xml.gz", "/m2.xml"])
        #expect(index.links.allSatisfy { $0.place.level == PagePlace.sitemap })
        let feed = try read(Self.rss, level: PagePlace.sitemap)
        #expect(feed.links.map(\.address.target) == ["/1", "/2", "/5"])
    }

    @Test(arguments: [
        "<!DOCTYPE html><html><body><p>no feed", "", "no feed",
        "<!DOCTYPE html PUBLIC \"x\" \"y\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>",
    ])
    func `another kind of page is an error`(page: String) {
        #expect(throws: ExtractionError.notXML) { try read(page) }
    }

    @Test func `entities that a feed defines are not put in, and nothing is loaded`() throws {
        let bomb = (1...9).map {
            "<!ENTITY a\($0) '&a\($0 - 1);&a\($0 - 1);&a\($0 - 1);&a\($0 - 1);'>"
        }
        let reading = try read(
            """
            <!DOCTYPE rss [<!ENTITY a0 "xxxxxxxxxx"><!ENTITY f SYSTEM "file:///etc/passwd">\(bomb.joined())]>
            <rss><channel><item><title>&f;t</title><enclosure url="/1.png"/></item>
            <item><title>&a9;</title><enclosure url="/2.png"/></item></channel></rss>
            """
        )
        #expect(reading.discoveries.allSatisfy { $0.name.utf8.count < 100 })
        #expect(!reading.discoveries.contains { $0.name.contains("root") })
    }
}
