import CrawlModel
import Extraction
import Testing

/// How far a selector gets that finds nothing.
struct TraceTests {
    private static let page = """
        <!doctype html><html><body><div id="main" class="wide"><ul class="photos">
        <li class="photo new"><a href="/1.jpg"><img data-src="/1.jpg" alt="One"></a></li>
        <li class="photo"><a href="/2.jpg"><img data-src="/2.jpg" alt="Two"></a></li>
        </ul></div><p class="photo-note">no picture</p></body></html>
        """

    /// The traces of a recipe's selectors on the page, as `key: selector matches, …`.
    private func traces(_ item: String, follow: String? = nil) throws -> [SelectorTrace] {
        var text = "pages: http://site.test/\nitem: \(item)\n"
        if let follow { text += "follow: \(follow)\n" }
        let recipe = try RecipeReader.read(text, file: "test.yaml")
        let extractor = try Extractor(recipe: recipe)
        let body = Array(Self.page.utf8)
        let address = try WebAddress("http://site.test/")
        let reading = try extractor.read(body, contentType: nil, address: address)
        return try SelectorExplainer(recipe).traces(
            of: reading,
            body,
            contentType: nil,
            place: .start
        )
    }

    private func steps(_ trace: SelectorTrace?) -> [String] {
        trace?.steps.map { "\($0.matches) \($0.text)" } ?? []
    }

    @Test func `each step of a CSS selector counts what it matches`() throws {
        let found = try traces("{ each: 'ul.photos > li.photo > img.big', image: '::attr(src)' }")
        #expect(found.count == 1)
        #expect(found.first?.selector.key == "item.each")
        #expect(
            steps(found.first) == [
                "1 ul", "1 ul.photos", "2 ul.photos > li", "2 ul.photos > li.photo",
                "0 ul.photos > li.photo > img",
            ]
        )
    }

    @Test(arguments: [
        ("li.phto", "the page has no class 'phto': did you mean 'photo' (2)?"),
        ("div.photo", "class 'photo' is on <li> (2)"),
        ("#mian li", "the page has no id 'mian': did you mean 'main' (1)?"),
        ("img[data-scr]", "the page has no attribute 'data-scr': did you mean 'data-src' (2)?"),
        ("figure", "the page has no <figure>"),
        (
            "li.gallery-item",
            "the page has no class 'gallery-item'; its <li> have 'photo' (2), 'new' (1)"
        ),
    ])
    func `what may have been meant is said`(selector: String, suggestion: String) throws {
        let found = try traces("{ each: '\(selector)', image: '::attr(src)' }")
        #expect(found.first?.suggestions.contains(suggestion) == true, "\(found)")
    }

    @Test func `an attribute that is not there is told with those that are`() throws {
        let found = try traces(
            "{ each: li, image: ['img::attr(src)', 'img::attr(data-original)'] }"
        )
        #expect(
            found.map { steps($0) } == [
                ["2 img", "0 img::attr(src)"], ["2 img", "0 img::attr(data-original)"],
            ]
        )
        #expect(
            found.first?.suggestions == [
                "these elements have no 'src'; they have 'alt' (2), 'data-src' (2)"
            ]
        )
    }

    @Test func `an XPath is cut at its steps and predicates`() throws {
        let found = try traces(
            "{ xpath: \"//ul[@class = 'photos']/li[@class = 'phot']/a\", image: '@href' }"
        )
        #expect(
            steps(found.first) == [
                "1 //ul", "1 //ul[@class = 'photos']", "2 //ul[@class = 'photos']/li",
                "0 //ul[@class = 'photos']/li[@class = 'phot']",
            ]
        )
        #expect(
            found.first?.suggestions.first?.hasPrefix(
                "the page has no class or id 'phot': did you mean 'photo' (2)"
            ) == true
        )
    }

    @Test func `a pattern is cut where it still matches`() throws {
        let found = try traces("{ regex: 'data-src=\"(?<image>[^\"]+)\" title' }")
        #expect(
            steps(found.first) == [
                "2 data-src=\"(?<image>[^\"]+)\" ", "0 data-src=\"(?<image>[^\"]+)\" title",
            ]
        )
    }

    @Test func `what found something is not explained`() throws {
        #expect(try traces("{ each: li.photo, image: 'img::attr(data-src)' }") == [])
        let named = try traces(
            "{ each: li.photo, image: 'img::attr(data-src)', name: 'b::text', fields: { by: 'i::text' } }"
        )
        #expect(named.map(\.selector.key) == ["item.name", "item.fields.by"])
    }

    @Test func `links of a level are explained, and its items are not`() throws {
        let item = "{ each: main, image: 'img::attr(src)' }"
        let each = try traces(item, follow: "{ each: 'li.album', link: 'a::attr(href)' }")
        #expect(each.map(\.selector.text) == ["li.album"])
        let link = try traces(item, follow: "{ each: 'li.photo', link: 'b::attr(href)' }")
        #expect(link.map(\.selector.text) == ["b::attr(href)"])
        #expect(try traces(item, follow: "{ each: 'li.photo', link: 'a::attr(href)' }") == [])
    }
}
