import CrawlModel
@testable import Extraction
import Testing

/// Pages that are JSON, read with whole recipes.
struct JSONPageTests {
    private static let page = #"""
        {"user": {"name": "Ann & co"}, "next_cursor": "a/b=", "next": "/list/2.json", "items": [
        {"media": {"full": "/pic/1.jpg"}, "title": " One\n<base href=/x/> ", "tags": ["cat", {"no": 1}, " dog "], "id": 12345678901234567890},
        {"media": {"full": null, "small": "2.png"}, "title": null, "tags": []},
        {"title": "nothing"}]}
        """#
    private static let item = """
        { json: '$.items[*]', image: ['@.media.full', '@.media.small'], name: '@.title', \
        fields: { id: '@.id', user: '$.user.name', tags: { all: '@.tags[*]' } } }
        """

    @Test func `the values of a page are items with their fields`() throws {
        let reading = try Extractor(item: Self.item).read(
            Self.page,
            contentType: "application/json"
        )
        #expect(
            reading.items == [
                Item("One <base href=/x/>", "http://site.test/pic/1.jpg"),
                Item("", "http://site.test/list/2.png"),
            ]
        )
        #expect(reading.itemsWithoutImage == 1)
        #expect(
            reading.discoveries.map(\.fields.json) == [
                #"{"id":"12345678901234567890","tags":["cat","dog"],"user":"Ann & co"}"#,
                #"{"user":"Ann & co"}"#,
            ]
        )
    }

    @Test(
        arguments: [
            ("{ json: $.next }", "http://site.test/list/2.json"),
            (
                "{ json: $.next_cursor, into: '?after={next}&n=3' }",
                "http://site.test/list/1.html?after=a%2Fb%3D&n=3"
            ),
            ("{ json: $.next_cursor, into: 'http://api.test/{next}' }", "http://api.test/a%2Fb%3D"),
            ("{ regex: '\"next\": \"(.*?)\"' }", "http://site.test/list/2.json"),
            ("{ json: $.none, into: '?after={next}' }", nil), ("{ json: '$.items[1].title' }", nil),
            ("{ add: 50, to: page }", "http://site.test/list/1.html?page=51"),
        ] as [(String, String?)]
    )
    func `the following page is found by address, cursor or number`(next: String, address: String?)
        throws
    {
        let text = "pages: http://site.test/?page=1\nitem: \(Self.item)\nnext: \(next)\n"
        let recipe = try RecipeReader.read(text, file: "x.yaml")
        let reading = try Extractor(recipe: recipe).read(Self.page)
        #expect(reading.nextPages.map(\.description) == [address].compactMap(\.self))
    }

    @Test func `a page without items is the last that is counted to`() throws {
        let text =
            "pages: http://site.test/?page=1\nitem: \(Self.item)\nnext: { add: 1, to: page }\n"
        let extractor = try Extractor(recipe: RecipeReader.read(text, file: "x.yaml"))
        #expect(try extractor.read(#"{"items": []}"#).nextPages.isEmpty)
        #expect(try extractor.read(#"{"items": [{}]}"#).nextPages.count == 1)
    }

    @Test func `levels of JSON lead to pages of HTML`() throws {
        let text = """
            pages: http://site.test/
            follow:
              - each: { json: "$.albums[*]" }
                link: "@.url"
                fields: { album: "@.name" }
                next: { json: $.more }
              - "a::attr(href)"
            item: { each: img, image: "::attr(src)" }
            """
        let extractor = try Extractor(recipe: RecipeReader.read(text, file: "x.yaml"))
        let page = #"{"albums": [{"url": "/a", "name": "A"}, {"name": "none"}], "more": "?2"}"#
        let reading = try extractor.read(page)
        #expect(reading.links.map(\.address.description) == ["http://site.test/a"])
        #expect(reading.links.map(\.place.level) == [1])
        #expect(reading.links.first?.place.fields["album"] == "A")
        #expect(reading.nextPages.map(\.description) == ["http://site.test/list/1.html?2"])
        let album = try extractor.read(
            Array("<a href=p>".utf8),
            contentType: nil,
            address: WebAddress("http://site.test/a"),
            place: PagePlace(level: 1)
        )
        #expect(album.links.map(\.address.description) == ["http://site.test/p"])
    }

    @Test(
        arguments: [
            ("item: { json: '$.a', image: '@.b]' }", "belongs to no step at character 4"),
            ("item: { json: '@.a', image: '@.b' }", "no item here for '@' at character 1"),
            ("item: { json: '$.a', image: 'img' }", "starts with '$', or '@' for the item"),
            ("item: { json: '$.a', image: { css: 'img::attr(src)' } }", "css can't search in JSON"),
            ("item: { each: a, image: { json: '@.b' } }", "can't search in an element"),
            (
                "item: { json: '$.a', image: '@.b' }\nnext: 'a::attr(href)'",
                "the same page is searched as JSON"
            ),
            (
                "item: { json: '$.a', image: '@.b' }\nfollow: { link: 'a::attr(href)', again: true }",
                "'follow.link' is css"
            ),
        ]
    )
    func `selectors that can't search JSON are refused`(item: String, message: String) throws {
        let recipe = try RecipeReader.read("pages: http://a.test/\n\(item)", file: "x.yaml")
        let error = #expect(throws: SelectorError.self) { try Extractor(recipe: recipe) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            ("next: { add: 50, to: offset }", "has no parameter 'offset'"),
            ("next: { add: 0, to: page }", "no whole number"),
            ("next: { add: 1 }", "'next.to' is missing"),
            ("next: { json: $.a, into: '?b' }", "no place for what the page gives"),
            ("next: { into: '?b={next}' }", "'into' needs one selector"),
        ]
    )
    func `a following page that can't be found is refused`(next: String, message: String) {
        let error = #expect(throws: RecipeError.self) {
            try RecipeReader.read(
                "pages: 'http://a.test/?page=1'\nitem: { json: '$.a', image: '@.b' }\n\(next)",
                file: "x.yaml"
            )
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func `a page that is no JSON, or too much work, is an error`() throws {
        let extractor = try Extractor(item: Self.item)
        #expect(throws: ExtractionError.self) { try extractor.read("<html>") }
        let hard = try Extractor(item: "{ json: '$..[?$..x]', image: '@.a' }")
        let page = "[" + String(repeating: "[[0]],", count: 5000) + "0]"
        let error = #expect(throws: ExtractionError.self) { try hard.read(page) }
        #expect(error?.description.contains("too much work") == true)
    }

    @Test func `JSON in UTF-16 or behind a byte order mark is read`() throws {
        let extractor = try Extractor(item: "{ json: '$[*]', image: '@' }")
        let text = #"["/č.jpg"]"#
        let units = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for bytes in [Array("\u{FEFF}\(text)".utf8), [0xFF, 0xFE] + units] {
            let address = try WebAddress("http://site.test/")
            let reading = try extractor.read(bytes, contentType: nil, address: address)
            #expect(reading.discoveries.map(\.reference) == ["/č.jpg"])
        }
        #expect(
            try extractor.read(#"["/<meta charset=utf-16>"]"#, contentType: nil).discoveries.count
                == 1
        )
    }
}
