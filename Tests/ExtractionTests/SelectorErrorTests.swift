import CrawlModel
import Extraction
import Testing

struct SelectorErrorTests {
    /// The error of a recipe whose items are found by a selector.
    private func error(_ language: Selector.Language, _ text: String) throws -> SelectorError {
        var recipe = try RecipeReader.read(
            "pages: http://site.test/\nitem: { each: a, image: \"img::attr(src)\" }",
            file: "test.yaml"
        )
        recipe.item.each = Selector(language, text, key: "item.each", line: 7)
        if language == .regex { (recipe.item.image, recipe.item.name) = ([], []) }
        return try #require(throws: SelectorError.self) { try Extractor(recipe: recipe) }
    }

    @Test(
        arguments: [
            ("a:frist-child", 1, "RECIPES"), ("li:nth-child(x)", 13, "2n+1"),
            ("li:nth-child(2n+)", 13, "2n+1"), ("li:nth-child(+ 2n)", 13, "2n+1"),
            ("li:nth-child(1", 14, "close the parenthesis"),
            (":first-of-type", 0, "li:first-of-type"),
            (".x:nth-of-type(2)", 2, "li:nth-of-type()"), ("a[href", 6, "']'"), ("a[", 2, "[name]"),
            ("a[href=]", 7, "in quotes"), ("a[href=/x]", 7, "in quotes"),
            ("a[href='x]", 7, "add '"),
            ("a[href==x]", 7, "in quotes"), ("a[href%x]", 6, "~="), ("a[class=a b]", 10, "'i'"),
            ("a[x=5]", 4, "in quotes"), ("svg|a", 0, "leave it"), ("[svg|a]", 1, "leave it"),
            ("a >", 3, "write an element"), ("a > > b", 4, "write an element"),
            ("a,", 2, "write an element"),
            (",a", 0, "write an element"), ("", 0, "write an element"),
            (" ", 1, "write an element"),
            ("a..b", 1, "right behind '.'"), (".5x", 0, "[class~='5…']"), ("a#", 1, "goes on with"),
            ("a:", 1, "right behind ':'"), ("a: b", 1, "right behind ':'"),
            ("a!b", 1, "goes on with"),
            ("a:not(", 6, "write an element"), ("a:not()", 6, "write an element"),
            ("a:not(b", 7, "close"),
            ("a:not(> b)", 6, "before it"), ("a:has(b::text)", 7, "at the end"),
            ("a::before", 1, "::text"),
            ("a:before", 1, "pages as sent"), ("a:text", 1, "'::text'"), ("a:eq(1)", 1, "jQuery"),
            ("a:contains()", 11, "in quotes"), ("a:contains(x", 12, "close"),
            ("b :scope", 2, "come first"),
            ("a:not(:scope)", 6, "come first"), ("a /* b", 2, "'*/'"), ("图片:错", 2, "RECIPES"),
            ("a::text b", 8, "goes on with"), ("a;", 1, "goes on with"), ("a)", 1, "goes on with"),
        ]
    )
    func `a CSS message points at the character`(css: String, offset: Int, cure: String) throws {
        let error = try error(.css, css)
        #expect(error.offset == offset, "\(error)")
        #expect(error.problem.cure.contains(cure), "\(error)")
        #expect(error.selector.line == 7 && error.selector.key == "item.each")
    }

    @Test(arguments: [
        ("//a[", 4, "correct"), ("//a[@b = 'x]", 9, "add it"), ("//a[f(.)]", 4, "section 4"),
        ("//a[$x]", 4, "write the value"), ("//svg:a", 2, "name()"),
        ("//a[contains(.)]", 12, "write 2"), ("//a[contains(., 'b', 'c')]", 12, "write 2"),
        ("//a[last(1)]", 8, "write 0"), ("//a[not()]", 7, "write 1"),
        ("//a[concat('x')]", 10, "2 or more"),
        ("//a[substring('(', 1, 2, 3)]", 13, "2 or 3"),
        ("//a[contains(concat(b, ','), '\"')", 33, "']'"),
        ("//a[contains(concat(b, ','), '\"'", 12, "add ')'"),
        ("//a[name(b, c)]", 8, "0 or 1"), ("//a[\0]", 4, "leave it out"),
        ("//a/", 4, "correct"), ("(//a", 0, "add ')'"), ("//a]", 3, "correct"), ("", 0, "correct"),
        ("//a | ", 6, "correct"), ("//a[matches(., 'x')]", 4, "section 4"), ("//图[", 4, "correct"),
    ])
    func `an XPath message points at the character`(xpath: String, offset: Int, cure: String) throws
    {
        let error = try error(.xpath, xpath)
        #expect(error.offset == offset, "\(error)")
        #expect(error.problem.cure.contains(cure), "\(error)")
    }

    @Test(arguments: [
        ("(?<image>", 9, "missing"), ("(?<image>a)[b", 13, "missing"),
        ("*(?<image>a)", 0, "repeat"),
        ("(?<image>a){2,1}", 15, "order"), ("(?<image>a)\\", 12, "end of pattern"),
        ("(?<image>a)(?<image>b)", 20, "same name"),
        ("图*(?<image>a))", 13, "parenthes"), ("(?<image>\\C)", 11, "\\C"),
    ])
    func `a pattern's message points at the character`(regex: String, offset: Int, what: String)
        throws
    {
        let error = try error(.regex, regex)
        #expect(error.offset == offset, "\(error)")
        #expect(error.problem.what.contains(what), "\(error)")
    }

    @Test func `the message shows the selector with a mark under the character`() throws {
        #expect(
            try error(.css, "li:frist-child").description.hasSuffix(
                "at character 3: the ones that are known stand in docs/RECIPES.md\n"
                    + "    li:frist-child\n      ^"
            )
        )
    }

    @Test(arguments: [
        (Selector.Language.css, "a::text", "leave ::text"), (.css, "a, b::attr(c)", "leave ::text"),
        (.xpath, "string(//a)", "write a path"), (.xpath, "count(//a)", "write a path"),
        (.xpath, "//a = 'x'", "write a path"), (.regex, "a(b)", "(?<image>…)"),
    ])
    func `an item is a node or a match with a picture`(
        language: Selector.Language,
        text: String,
        cure: String
    ) throws {
        #expect(try error(language, text).problem.cure.contains(cure))
    }

    @Test(arguments: [
        ("{ each: a, image: img }", "item.image", "::attr(src)"),
        ("{ each: a, image: 'a, b::text' }", "item.image", "::attr(src)"),
        ("{ each: a, image: { regex: x } }", "item.image", "item.regex"),
        ("{ each: a, image: '::attr(b)', name: 'b::c' }", "item.name", "::text"),
        ("{ xpath: //a, image: '@b', name: 'c(' }", "item.name", "section 4"),
        ("{ each: 'a[', image: '::attr(b)' }", "item.each", "[name]"),
    ])
    func `each selector of a recipe is checked`(item: String, key: String, cure: String) throws {
        let error = try #require(throws: SelectorError.self) { try Extractor(item: item) }
        #expect(error.selector.key == key)
        #expect(error.problem.cure.contains(cure), "\(error)")
        #expect(error.selector.line == 2)
    }

    @Test(arguments: ["a", "a[", "{ xpath: '//a[' }", "{ regex: '(' }"])
    func `the selector of the next page is checked`(next: String) throws {
        let error = try #require(throws: SelectorError.self) {
            try Extractor(item: "{ each: a, image: '::attr(b)' }", next: next)
        }
        #expect(error.selector.key == "next")
    }

    @Test(arguments: [":not(", ":is(a, ", ":has(> b ", ":nth-child(2 of "])
    func `selectors that nest without end are refused, not followed`(opening: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try error(.css, nested(9)).problem.what.contains("nested deeper"))
        #expect(try error(.css, nested(500)).problem.what.contains("nested deeper"))
        #expect(try error(.css, nested(5_000)).problem.cure.contains("shorter"))
        #expect(throws: Never.self) {
            try Extractor(item: "{ each: 'x\(nested(8))', image: '::attr(b)' }")
        }
    }

    @Test func `what libxml2 can't follow is refused before a page comes`() throws {
        let long = "a" + String(repeating: " > a", count: 2_499)
        #expect(try error(.css, long).problem.cure.contains("shorter"))
        #expect(try error(.css, long + " > a").offset == 10_000)
        #expect(try error(.xpath, String(repeating: "a[", count: 100_000)).offset != nil)
        #expect(try error(.xpath, String(repeating: "(", count: 100_000)).offset != nil)
        #expect(try error(.xpath, String(repeating: "-", count: 100_000) + "1").offset == nil)
    }
}
