import CrawlModel
import Extraction
import Testing

/// Where pictures and following pages are, as pages write it.
struct AddressTests {
    private let css = "{ each: img, image: '::attr(src)' }"
    private let regex = "{ regex: 'src=\"(?<image>[^\"]*)\"' }"

    @Test(arguments: [
        ("", "a.jpg", "http://site.test/list/a.jpg"), ("", "/a.jpg", "http://site.test/a.jpg"),
        ("", "//cdn.test/a.jpg", "http://cdn.test/a.jpg"),
        ("", "https://cdn.test/a.jpg", "https://cdn.test/a.jpg"),
        ("", "?a=1", "http://site.test/list/1.html?a=1"),
        ("", "  a.jpg\n", "http://site.test/list/a.jpg"),
        ("", "../a.jpg", "http://site.test/a.jpg"),
        ("", "a\n b.jpg", "http://site.test/list/a%20b.jpg"),
        ("", "a.jpg?x=1&amp;y=2", "http://site.test/list/a.jpg?x=1&y=2"),
        ("", "a.jpg?x=1&y=2", "http://site.test/list/a.jpg?x=1&y=2"),
        ("", "&#97;&#x62;.jpg", "http://site.test/list/ab.jpg"),
        ("", "图.jpg", "http://site.test/list/%E5%9B%BE.jpg"),
        ("<base href='/base/'>", "a.jpg", "http://site.test/base/a.jpg"),
        ("<base href='//other.test/x/y'>", "a.jpg", "http://other.test/x/a.jpg"),
        ("<base href='https://other.test'>", "/a.jpg", "https://other.test/a.jpg"),
        ("<base href='https://other.test'>", "//cdn.test/a", "https://cdn.test/a"),
        (
            "<base target=x><base href='b/'><base href='c/'>", "a.jpg",
            "http://site.test/list/b/a.jpg"
        ), ("<BASE HREF=b/>", "a.jpg", "http://site.test/list/b/a.jpg"),
        ("<base href='javascript:x'>", "a.jpg", "http://site.test/list/a.jpg"),
        ("<base href=''>", "a.jpg", "http://site.test/list/a.jpg"),
        ("<!-- <base href='/no/'> -->", "a.jpg", "http://site.test/list/a.jpg"),
        ("<basefont href='/no/'>", "a.jpg", "http://site.test/list/a.jpg"),
        ("<base href=' /base/ '>", "a.jpg", "http://site.test/base/a.jpg"),
        ("<base href='/a&amp;b/'>", "c", "http://site.test/a&b/c"),
    ])
    func `an address resolves against the base and the page`(
        head: String,
        written: String,
        address: String
    ) throws {
        let page = "<html><head>\(head)</head><body><img src=\"\(written)\"></body></html>"
        for item in [css, regex] {
            #expect(
                try Extractor(item: item).read(page).items.map(\.address) == [address],
                "\(item)"
            )
        }
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:image/gif", "ftp://a/b", "http://", "http://user:pw@a/b",
        "mailto:a@b",
    ])
    func `what can't be asked for is kept with the reason`(written: String) throws {
        let reading = try Extractor(item: css).read("<img src='\(written)'>")
        #expect(reading.discoveries.map(\.reference) == [written])
        #expect(reading.discoveries.allSatisfy { (try? $0.address.get()) == nil })
    }

    @Test func `following pages come once each, and what leads nowhere does not`() throws {
        let page = """
            <base href="/b/"><a href="2.html">2</a><a href="javascript:next()">x</a><a href="">y</a>
            <a href=" /b/2.html#top">again</a><a href="3.html?a=1&amp;b=2">3</a><a name="z">z</a>
            """
        let expected = ["http://site.test/b/2.html", "http://site.test/b/3.html?a=1&b=2"]
        for next in [
            "a::attr(href)", "{ xpath: '//a/@href' }", "{ regex: '<a href=\"(.*?)\"' }",
            "{ regex: '<a (?<x>href)=\"(?<next>.*?)\"' }",
        ] {
            let reading = try Extractor(item: css, next: next).read(page)
            #expect(reading.nextPages.map(\.description) == expected, "\(next)")
        }
    }

    @Test func `a pattern without groups gives its whole match as the next page`() throws {
        let reading = try Extractor(item: css, next: "{ regex: 'page-[0-9]+' }").read(
            "<p>page-7</p>"
        )
        #expect(reading.nextPages.map(\.description) == ["http://site.test/list/page-7"])
    }
}
