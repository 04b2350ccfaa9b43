import CrawlModel
import Extraction

extension FuzzTarget {
    private static let samplePage = Array(
        """
        <base href="/b/"><ul id=u><li class="a b" lang=en><a href="1.html"><img src=1.jpg alt="One"></a>
        <li class=a><a href=2.html>2<b>3</b></a><li></ul><form><input type=checkbox checked></form>
        """.utf8
    )

    private static let sampleJSON = Array(
        #"""
        {"items": [{"src": "1.jpg", "a": [1, 2.5e3, true, null, {"b": "x\ud83d\ude00"}]}, {"src": "2"}],
        "a": {"a": {"a": [[], {}]}}, "next": "?2", "n": 9007199254740993}
        """#.utf8
    )

    /// A recipe is read, or refused with file and cure.
    func checkRecipe(_ bytes: [UInt8]) throws {
        let recipe: Recipe
        do {
            recipe = try RecipeReader.read(String(decoding: bytes, as: UTF8.self), file: "f.yaml")
        } catch {
            try require(error.description.hasPrefix("f.yaml:"), "an error names no file")
            try require(!error.problem.cure.isEmpty, "an error names no cure")
            return
        }
        for template in recipe.pages { try require(template.count > 0, "there are no pages") }
        try use(recipe, on: Self.samplePage, contentType: nil)
    }

    /// A selector is compiled, or refused with a place that is inside it.
    func checkSelector(_ bytes: [UInt8]) throws {
        let languages = Selector.Language.allCases
        guard let first = bytes.first else { return }
        let language = languages[Int(first) % languages.count]
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        let isPattern = language == .regex
        let isJSON = language == .json
        let other: Selector.Language = isJSON ? .json : .css
        let isItem = first & 0x80 == 0
        let selector = Selector(language, text, key: "item.each")
        let rule =
            isItem || isPattern
            ? ItemRule(
                each: selector,
                image: isPattern
                    ? [] : [Selector(other, isJSON ? "@.src" : "::attr(src)", key: "item.image")],
                name: isPattern ? [] : [Selector(other, isJSON ? "@" : "*", key: "item.name")]
            )
            : ItemRule(
                each: Selector(other, isJSON ? "$..*" : "*", key: "item.each"),
                image: [selector],
                name: [selector]
            )
        var recipe = try RecipeReader.read(
            "pages: http://a.test/\nitem: { each: a, image: '::text' }",
            file: "f.yaml"
        )
        recipe.item = rule
        recipe.next = isItem ? nil : .link(selector, into: nil)
        try use(recipe, on: isJSON ? Self.sampleJSON : Self.samplePage, contentType: nil)
    }

    /// A page is read, or refused, and what it gives is well-formed.
    func checkPage(_ bytes: [UInt8]) throws {
        guard bytes.count >= 2 else { return }
        let items = [
            "{ each: 'li:not(.x), div', image: 'img::attr(src), ::attr(href)', name: '*::text' }",
            "{ xpath: '//*', image: '@*', name: 'string(.)' }",
            "{ regex: '<(?<image>[^>]*)>(?<name>[^<]*)' }",
        ]
        let charsets = [
            nil, "utf-8", "gb18030", "big5", "shift_jis", "euc-kr", "euc-jp", "iso-2022-jp",
            "utf-16le", "utf-16be", "windows-1251", "windows-1258",
        ]
        // A letter, so that what the other numbers mean stays as it is.
        let isJSON = bytes[0] == UInt8(ascii: "j")
        let item =
            isJSON
            ? "{ json: '$..*', image: ['@.a', '@'], name: '@[?@.a == @[0]]' }"
            : items[Int(bytes[0]) % items.count]
        let charset = charsets[Int(bytes[1]) % charsets.count]
        let recipe = try RecipeReader.read(
            "pages: http://a.test/\nnext: \(isJSON ? "{ json: $..next }" : "'a::attr(href)'")\nitem: \(item)",
            file: "f.yaml"
        )
        let contentType = charset.map { "text/html; charset=\($0)" }
        try use(recipe, on: Array(bytes.dropFirst(2)), contentType: contentType)
    }

    private func use(_ recipe: Recipe, on page: [UInt8], contentType: String?) throws {
        let extractor: Extractor
        do {
            extractor = try Extractor(recipe: recipe)
        } catch {
            let length = error.selector.text.unicodeScalars.count
            try require((0...length).contains(error.offset ?? 0), "a place is outside its selector")
            try require(!error.description.isEmpty, "an error says nothing")
            return
        }
        let address = try WebAddress("http://a.test/list?page=1")
        guard
            let reading = try? extractor.read(page, contentType: contentType, address: address)
        else { return }
        for discovery in reading.discoveries {
            try require(!discovery.reference.isEmpty, "an item has no picture")
            try require(!discovery.reference.utf8.contains(0), "a reference holds a NUL")
            try require(!discovery.name.utf8.contains(0), "a caption holds a NUL")
        }
        try require(Set(reading.nextPages).count == reading.nextPages.count, "a page comes twice")
    }
}
