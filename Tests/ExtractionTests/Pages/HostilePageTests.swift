import CrawlModel
import Extraction
import Testing

/// Pages that were made to be hard to read: bounded work, an answer, and no crash.
struct HostilePageTests {
    private let css = "{ each: a, image: '::attr(href)', name: '::text' }"
    private let regex = "{ regex: '<a href=(?<image>[^>]*)>(?<name>[^<]*)' }"

    @Test(arguments: [
        "<div>", "<b>", "<table><tr><td>", "<ul><li>", "<font color=red>", "<svg><g>",
        "<form><fieldset>",
    ])
    func `a page nested 100,000 deep is refused`(opening: String) throws {
        let page = String(repeating: opening, count: 100_000) + "<a href=x>y</a>"
        #expect(throws: ExtractionError.tooDeep) { try Extractor(item: css).read(page) }
    }

    @Test func `a pattern needs no tree`() throws {
        let page = String(repeating: "<div>", count: 100_000) + "<a href=x>y"
        #expect(
            try Extractor(item: regex).read(page).items == [Item("y", "http://site.test/list/x")]
        )
    }

    @Test func `a page nested as deep as is allowed is read`() throws {
        let depth = 9_000
        let page =
            String(repeating: "<div>", count: depth) + "<a href=x>y</a>"
            + String(repeating: "</div>", count: depth)
        let reading = try Extractor(
            item: "{ each: 'div a', image: '::attr(href)', name: '::text' }"
        ).read(page)
        #expect(reading.items == [Item("y", "http://site.test/list/x")])
    }

    @Test func `a page with a million links gives them all`() throws {
        let page = String(repeating: "<a href=>", count: 1_000_000)
        #expect(try Extractor(item: regex).read(page).itemsWithoutImage == 1_000_000)
        let some = String(repeating: "<a href=1>2", count: 20_000)
        #expect(try Extractor(item: regex).read(some).discoveries.count == 20_000)
        #expect(try Extractor(item: css).read(some).discoveries.count == 20_000)
    }

    @Test func `reading ends when the page's time is over`() throws {
        let page = String(repeating: "<a href=1>2", count: 20_000)
        for item in [css, regex] {
            let seconds = Counter()
            let extractor = try Extractor(item: item) { .seconds(seconds.next()) }
            #expect(throws: ExtractionError.tookTooLong) { try extractor.read(page) }
            #expect(try extractor.read("<a href=1>2").discoveries.count == 1, "the next is read")
        }
    }

    @Test func `a caption of 10 MB is read`() throws {
        let caption = String(repeating: "图", count: 3_500_000)
        let page = "<a href=x>\(caption)</a><a href=y>z</a>"
        for item in [css, regex] {
            let items = try Extractor(item: item).read(page).items
            #expect(items.map(\.name.utf8.count) == [10_500_000, 1])
        }
    }

    @Test func `an attribute of 10 MB is read`() throws {
        let page = "<a title='\(String(repeating: "x&amp;", count: 2_000_000))' href=x>y</a>"
        #expect(try Extractor(item: css).read(page).items == [Item("y", "http://site.test/list/x")])
        let item = "{ each: a, image: '::attr(href)', name: '::attr(title)' }"
        #expect(try Extractor(item: item).read(page).items.map(\.name.utf8.count) == [4_000_000])
    }

    @Test func `a page with a tag of too many attributes is refused`() throws {
        func page(_ count: Int) -> String {
            "<a " + (1...count).map { "b\($0)" }.joined(separator: " ") + " href=x>y</a>"
        }
        let extractor = try Extractor(item: css)
        #expect(try extractor.read(page(4_000)).items == [Item("y", "http://site.test/list/x")])
        for count in [20_000, 200_000] {
            #expect(throws: ExtractionError.tooManyAttributes) { try extractor.read(page(count)) }
        }
    }
}
