import CrawlModel
import Extraction
import Testing

/// What an item gives: fallbacks, further fields, transforms and filters.
struct FieldTests {
    private static let page = """
        <div><img data-original="/big/1.jpg" src="/blank.gif" alt="first"><b> One </b>
        <i>ann</i><u>cat</u><u> small  cat </u><time>6.5.2024</time></div>
        <div><img srcset="/2-300.jpg 300w, /2-900.jpg 900w, /2-600.jpg 600w" src="/blank.gif" alt="second">
        <i></i><time>soon</time></div>
        <div><img src="/3.png"></div>
        """

    private func read(_ rest: String) throws -> [Discovery] {
        try Extractor(
            item: """

                  each: div
                  image: ["img::attr(data-original)", "img::attr(srcset)", "img::attr(src)"]
                  name: ["b::text", "img::attr(alt)"]
                  \(rest)
                """
        ).read(Self.page).discoveries
    }

    @Test func `the first selector that finds something counts`() throws {
        let found = try read("")
        #expect(found.map(\.reference) == ["/big/1.jpg", "/2-900.jpg", "/3.png"])
        #expect(found.map(\.name) == ["One", "second", ""])
        #expect(found.map(\.index) == [1, 2, 3])
        #expect(found.allSatisfy { $0.fields.isEmpty && $0.refusal == nil })
    }

    @Test func `further fields are texts or lists`() throws {
        let found = try read(
            #"fields: { author: "i::text", tags: { all: "u::text" }, when: { xpath: "string(time)" } }"#
        )
        #expect(
            found[0].fields.json
                == #"{"author":"ann","tags":["cat","small  cat"],"when":"6.5.2024"}"#
        )
        #expect(found[0].fields["tags"] == "cat, small  cat")
        #expect(found[1].fields.json == #"{"when":"soon"}"#)
        #expect(found[2].fields.json == nil)
        #expect(ItemFields(json: found[0].fields.json) == found[0].fields)
    }

    @Test func `the groups of a pattern are fields`() throws {
        let extractor = try Extractor(
            item: #"{ regex: 'alt="(?<name>.*?)".*?<i>(?<author>.*?)</i>.*?(?<image>x)?' }"#
        )
        #expect(try extractor.read(Self.page).itemsWithoutImage == 2)
        let images = try Extractor(
            item: #"{ regex: '(?:src|data-original)="(?<image>/[^"]+)"[^>]*alt="(?<alt>.*?)"' }"#
        ).read(Self.page).discoveries
        #expect(images.map { $0.fields["alt"] } == ["first", "second"])
    }

    @Test(arguments: [
        ("image: { replace: '-\\d+(?=\\.)', with: '' }", ["/big/1.jpg", "/2.jpg", "/3.png"]),
        (
            "image: [{ replace: '/(\\w+)/(\\d)', with: '/$2/${1}$$' }]",
            ["/1/big$.jpg", "/2-900.jpg", "/3.png"]
        ),
        ("image: [{ trim: '/' }, { trim: gjp }]", ["big/1.", "2-900.", "3.pn"]),
    ])
    func `the address is transformed`(step: String, expected: [String]) throws {
        #expect(try read("transform: { \(step) }").map(\.reference) == expected)
    }

    @Test(arguments: [
        ("{ default: none }", ["One", "second", "none"]),
        ("[{ replace: 'o', with: '%C3%B6' }, url_decode]", ["One", "secönd", ""]),
        ("[{ replace: '^', with: ' x ' }, trim]", ["x One", "x second", "x"]),
    ])
    func `the caption is transformed`(step: String, expected: [String]) throws {
        #expect(try read("transform: { name: \(step) }").map(\.name) == expected)
    }

    @Test func `a date is brought into one form, and what is none becomes nothing`() throws {
        let found = try read(
            #"""
            fields: { date: "time::text" }
              transform: { date: [{ date: d.M.yyyy }, { default: undated }] }
            """#
        )
        #expect(found.map { $0.fields["date"] } == ["2024-05-06", "undated", "undated"])
    }

    @Test(arguments: [
        ("wordpress", "/wp/cat-300x200.jpg?x=1", "/wp/cat.jpg?x=1"),
        ("wordpress", "/wp/cat-scaled.webp", "/wp/cat.webp"),
        ("wordpress", "/wp/cat-3.jpg", "/wp/cat-3.jpg"),
        ("mediawiki", "/w/thumb/a/ab/Cat.jpg/220px-Cat.jpg", "/w/a/ab/Cat.jpg"),
        ("mediawiki", "/w/a/ab/Cat.jpg", "/w/a/ab/Cat.jpg"),
    ])
    func `a thumbnail's address becomes that of the whole picture`(
        maker: String,
        small: String,
        whole: String
    ) throws {
        let extractor = try Extractor(
            item:
                "{ each: img, image: '::attr(src)', transform: { image: { original: \(maker) } } }"
        )
        #expect(try extractor.read("<img src='\(small)'>").discoveries.map(\.reference) == [whole])
    }

    @Test func `an item whose address becomes nothing has no picture`() throws {
        let reading = try Extractor(
            item:
                "{ each: img, image: '::attr(src)', transform: { image: { replace: '.*blank.*' } } }"
        ).read("<img src='/blank.gif'><img src='/1.gif'>")
        #expect(reading.discoveries.map(\.reference) == ["/1.gif"])
        #expect(reading.itemsWithoutImage == 1)
    }

    @Test(arguments: [
        ("only: { extension: jpg }", [true, true, false]),
        ("unless: { extension: [PNG, gif] }", [true, true, false]),
        ("only: { host: other.test }", [false, false, false]),
        ("unless: { name: { regex: '(?i)^one' } }", [false, true, true]),
        ("unless: { tags: cat }\n  fields: { tags: { all: 'u::text' } }", [false, true, true]),
        ("only: { author: ann }\n  fields: { author: 'i::text' }", [true, false, false]),
        ("only: { name: '' }", [false, false, true]),
        ("only: { extension: jpg }\n  unless: { image: { regex: big } }", [false, true, false]),
    ])
    func `filters leave items out and say why`(filters: String, kept: [Bool]) throws {
        let found = try read(filters)
        #expect(found.map { $0.refusal == nil } == kept)
        #expect(found.compactMap(\.refusal).allSatisfy { $0.contains("the recipe's") })
    }

    @Test(arguments: ["$1", "${nobody}", "${", "$"])
    func `a replacement that can't be made is refused`(replacement: String) {
        #expect(throws: SelectorError.self) {
            try Extractor(
                item: """
                    { each: a, image: '::attr(b)', transform: { image: { replace: x, with: '\(replacement)' } } }
                    """
            )
        }
    }

    @Test func `a replacement that takes too much work is an error of the page`() throws {
        let extractor = try Extractor(
            item:
                "{ each: b, image: '::text', transform: { image: { replace: '(?:a|aa|a.)+$', with: x } } }"
        )
        let text = String(repeating: "a", count: 5_000) + "\n!"
        #expect(throws: ExtractionError.self) { try extractor.read("<b>\(text)</b>") }
    }
}
