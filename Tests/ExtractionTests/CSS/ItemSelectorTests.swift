import Testing

@testable import Extraction

/// Within an item a selector sees the item and what is below it, and `:not`, `:is` all around it.
struct ItemSelectorTests {
    @Test(arguments: [
        ("a1", "img", "descendant::img"), ("a1", "img::attr(src)", "img/@src"),
        ("a1", "b::text", "b/text()"),
        ("a1", "a::attr(href)", "@href"), ("a1", "::attr(href)", "@href"),
        ("a1", ":scope::attr(rel)", "@rel"),
        ("a1", "*", "descendant-or-self::*"), ("a1", "> b", "b"), ("a1", ":scope > b", "b"),
        ("a1", ":scope.col > b", "b"),
        ("a5", "img", ".//img"), ("a5", "span > img", "span/img"), ("main", "a", "a"),
        ("main", "> a > b", "a/b"),
        ("main", "a.new b", "a[2]/b"), ("main", "img, b", "a/b | .//img"),
        ("main", "b, img", ".//img | a/b"),
        ("m1", "+ p", "following-sibling::p[1]"), ("m1", "~ p", "following-sibling::p"),
        ("m1", "+ p + p em", "following-sibling::p[2]/em"),
        ("m1", ":scope ~ h2", "following-sibling::h2"), ("outer", "div", "descendant-or-self::div"),
        ("outer", "div div", ".//div"),
        ("outer", "div > p", ".//p"), ("list", "li:nth-child(2n)", "li[position() mod 2 = 0]"),
        ("list", "li:not(ul .new)", "li[not(@class)]"),
        ("list", "li:is(body li)", "li"),
        ("list", "li:has(+ .new)", "li[1] | li[3] | li[4] | li[6]"),
        ("list", "ul.new li.old", "li[5]"),
        ("list", ":root, li:first-child", "li[1]"),
        ("mixed", "p:last-of-type::text", "p[3]/text()"), ("mixed", "p ::text", "p//*/text()"),
        ("a3", "b::text, i::text", "b/text() | b/i/text()"),
        ("a3", "*::text", "descendant-or-self::*/text()"),
    ])
    func `a selector stays in its item`(item: String, css: String, xpath: String) throws {
        let expected = try TestPage.listing.found(xpath: xpath, in: item)
        #expect(!expected.isEmpty, "the XPath finds nothing, so it proves nothing")
        #expect(try TestPage.listing.found(css: css, in: item) == expected)
    }

    @Test(
        arguments: [
            ("a1", "div"), ("a1", "div a"), ("a1", "body img"), ("a1", ":root"), ("a1", "> a"),
        ]
    )
    func `what is around an item is not found in it`(item: String, css: String) throws {
        #expect(try TestPage.listing.found(css: css, in: item) == [])
    }
}
