import CrawlModel
import Extraction
import Testing

/// Texts, entities and markup as pages really have them.
struct MarkupTests {
    private let css = "{ each: 'div', image: 'img::attr(src)', name: 'p::text' }"
    private let xpath = "{ xpath: '//div', image: 'img/@src', name: 'p/text()' }"
    private let regex = "{ regex: '<img src=\"(?<image>.*?)\".*?<p>(?<name>.*?)</p>' }"

    @Test(arguments: [
        ("cat &amp; dog", "cat & dog"), ("&lt;b&gt;", "<b>"), ("&quot;&#39;&apos;", "\"''"),
        ("&amp;lt;", "&lt;"), ("&amp;amp;", "&amp;"),
        ("caf&eacute; &copy; &hellip;", "café © …"), ("&#22270;&#x56FE;&#X56fe;", "图图图"),
        ("&#128512;&#x1F600;", "😀😀"), ("a&nbsp;b", "a\u{A0}b"),
        ("&nbsp; a &nbsp;", "a"), ("&unknown; &", "&unknown; &"), ("a&b=c&d", "a&b=c&d"),
        ("&#65 &#x42 C", "A B C"), ("&#1114112;&#xD800;x", "x"),
        ("&#0;x", "x"), ("&#1;&#8;&#xFFFE;x", "x"), ("&#9;x&#10;y&#13;", "x y"), ("&copy", "&copy"),
        ("&;&#;&#x;", "&;"), ("  a\n\t b  ", "a b"), ("a  b", "a  b"),
        ("a<br>b", "a"), ("", ""), ("&#99999999999999999999;x", "x"), ("&alpha;&Alpha;", "αΑ"),
        ("&ALPHA;", "&ALPHA;"),
    ])
    func `entities are decoded once, in captions found in any way`(written: String, caption: String)
        throws
    {
        let page = "<div><img src=\"a.jpg\"><p>\(written)</p></div>"
        let expected = [Item(caption, "http://site.test/list/a.jpg")]
        #expect(try Extractor(item: css).read(page).items == expected)
        #expect(try Extractor(item: xpath).read(page).items == expected)
        if !written.contains("<") {
            #expect(try Extractor(item: regex).read(page).items == expected)
        }
    }

    @Test func `items without a picture are counted, not lost`() throws {
        let page =
            "<div><img src='a'></div><div></div><div><img src=' '></div><div><img><img src='b'></div>"
        let reading = try Extractor(item: css).read(page)
        #expect(
            reading.items == [
                Item("", "http://site.test/list/a"), Item("", "http://site.test/list/b"),
            ]
        )
        #expect(reading.itemsWithoutImage == 2)
    }

    @Test func `the first text with something in it is the caption`() throws {
        let page = "<div><p> \n </p><p>\u{3000}</p><p> cat </p><p>dog</p><img src='a'></div>"
        #expect(try Extractor(item: css).read(page).items.map(\.name) == ["cat"])
    }

    @Test func `an element as caption is all its text`() throws {
        let item = "{ each: div, image: 'img::attr(src)', name: 'p' }"
        let reading = try Extractor(item: item).read(
            "<div><img src='a'><p>One <b>big</b>\n cat</p></div>"
        )
        #expect(reading.items.map(\.name) == ["One big cat"])
    }

    @Test func `equal items are kept in the order of the page`() throws {
        let page = "<div><img src='b'></div><div><img src='a'></div><div><img src='b'></div>"
        #expect(
            try Extractor(item: css).read(page).discoveries.map(\.reference) == ["b", "a", "b"]
        )
    }

    @Test func `a nested item is an item of its own`() throws {
        let page = "<div><img src='a'><div><img src='b'></div></div>"
        #expect(try Extractor(item: css).read(page).discoveries.map(\.reference) == ["a", "b"])
    }

    @Test(arguments: [
        "<div><img src=a><p>x</div>", "<DIV><IMG SRC=a><P>x</DIV>", "<div><img src='a'><p>x",
        "<div><img src='a'/><p>x</p></span></div></html></body>",
        "<div class='y><x' ><img src=\"a\"><p>x", "<div><img src=a alt='<p>no</p>'><p>x",
        "<table><tr><td><div><img src=a><p>x</table>",
        "<div><b><img src=a></p><p>x</b></div>",
        "<!doctype html><!-- <div> --><div><img src=a><p>x<!-- y --></p></div>",
        "<script>if (a < b) '<div><img src=no>';</script><div><img src=a><p>x",
        "<div <img src=no><img src=a><p>x</p></div>",
        "<div><img src=b src=no></div><div><img\n\nsrc\n=\na\n><p>x",
        "\u{FEFF}<div><img src=a><p>x", "<div><img data-x src=a ><p>x</p><p>y</p>",
        "<?xml version='1.0'?><div xmlns='http://www.w3.org/1999/xhtml'><img src='a'/><p>x</p></div>",

        "<frameset><div><img src=a><p>x",
        "<div><img src=a><p>x</p></div><plaintext><div><img src=b>",
        "<textarea><div></textarea><div><img src=a><p>x</div>",
        "<div><img src=a><p>x</p><style><p>y</p></style></div>",
        "\u{1}<div>\u{8}<img src=a>\u{FFFE}<p>\u{1F}x\u{FFFF}</p></div>",
    ])
    func `broken markup gives its items all the same`(page: String) throws {
        let items = try Extractor(item: css).read(page).items
        #expect(items.contains(Item("x", "http://site.test/list/a")), "\(items)")
    }

    @Test(arguments: [
        "", " ", "\n", "plain text", "<", "<!", "<!--", "</", "&", "{\"json\": 1}", "\u{0}",
        "\u{FEFF}", "<html>", "GIF89a\u{1}\u{0}", "<?xml",
    ])
    func `a page of another kind gives nothing and is no error`(page: String) throws {
        for item in [css, xpath, regex] {
            let reading = try Extractor(item: item, next: "a::attr(href)").read(page)
            #expect(
                reading.items == [] && reading.nextPages == [] && reading.itemsWithoutImage == 0
            )
        }
    }

    @Test func `XPath may give texts and attributes as items`() throws {
        let page = "<div><img src='a' alt='b'></div>"
        #expect(
            try Extractor(item: "{ xpath: '//img/@*', image: '.' }").read(page).discoveries.map(
                \.reference
            ) == ["a", "b"]
        )
        let item = "{ xpath: //div, image: \"concat('/', img/@src, '.jpg')\", name: 'count(img)' }"
        #expect(try Extractor(item: item).read(page).items == [Item("1", "http://site.test/a.jpg")])
    }
}
