import Testing

@testable import SampleSite

struct GalleryTests {
    private let gallery = Gallery(pages: 3, itemsPerPage: 4)

    @Test func `one seed gives one gallery and another seed another`() {
        let again = Gallery(pages: 3, itemsPerPage: 4)
        let other = Gallery(pages: 3, itemsPerPage: 4, seed: 1)
        #expect(gallery.items == again.items)
        #expect(Set(gallery.items.map(\.path)).isDisjoint(with: other.items.map(\.path)))
    }

    @Test func `no two items share path or bytes or caption`() {
        let many = Gallery(pages: 50)
        #expect(Set(many.items.map(\.path)).count == 1000)
        #expect(Set(many.items.map(\.caption)).count == 1000)
        #expect(Set(many.items.map { many.picture(of: $0).bytes }).count == 1000)
    }

    @Test func `a picture is found by its path alone`() {
        let item = gallery.items[5]
        #expect(gallery.picture(at: item.path) == gallery.picture(of: item))
        #expect(gallery.picture(at: item.path + "?") == nil)
        #expect(gallery.picture(at: "/pic/none.jpg") == nil)
    }

    @Test func `the pages show all items once and in order`() {
        #expect((1...3).flatMap { gallery.items(onPage: $0) } == gallery.items)
        #expect(gallery.items.map(\.page) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    }

    @Test(arguments: [
        ("/photo/list/?page=1", 1), ("/photo/list/?page=3", 3), ("/photo/list/?page=4", nil),
        ("/photo/list/?page=0", nil), ("/photo/list/?page=-1", nil), ("/photo/list/?page=01", nil),
        ("/photo/list/?page=+1", nil), ("/photo/list/?page=1&x", nil), ("/photo/list/", nil),
    ])
    func `only the listing's own paths are pages`(path: String, page: Int?) {
        #expect(gallery.page(at: path) == page)
    }

    @Test func `an item stands in the markup of the original's site`() {
        let html = gallery.html(ofPage: 2) { "http://pictures\($0.path)" }
        let item = gallery.items[4]
        let expected = """
            <a class="col-xs-6 col-sm-3" href="/photo/100004"><img class="img-responsive lazy" \
            src="/static/loader.gif" data-original="http://pictures\(item.path)" \
            alt="\(item.caption)"><p style="display: none">\(item.caption)</p></a>
            """
        #expect(html.contains(expected))
        #expect(html.split(separator: "data-original=").count == 5)
        #expect(html.contains(#"<link rel="prev" href="/photo/list/?page=1">"#))
        #expect(html.contains(#"<link rel="next" href="/photo/list/?page=3">"#))
    }

    @Test func `the first page has no page before it and the last none after`() {
        #expect(!gallery.html(ofPage: 1, address: \.path).contains(#"rel="prev""#))
        #expect(!gallery.html(ofPage: 3, address: \.path).contains(#"rel="next""#))
    }

    @Test func `captions are escaped and otherwise left as they are`() {
        let hostile = "../<b>\"Tom\" & 'Jerry'\u{202E}\u{0}&lt;e\u{301}"
        let gallery = Gallery(pages: 1, itemsPerPage: 1) { _ in hostile }
        let escaped = "../&lt;b&gt;&quot;Tom&quot; &amp; 'Jerry'\u{202E}\u{0}&amp;lt;e\u{301}"
        let html = gallery.html(ofPage: 1, address: \.path)
        #expect(
            html.unicodeScalars.contains("<p style=\"display: none\">\(escaped)</p>".unicodeScalars)
        )
    }

    @Test func `a gallery may have empty pages or none`() {
        #expect(Gallery(pages: 2, itemsPerPage: 0).items(onPage: 2).isEmpty)
        #expect(Gallery(pages: 0).page(at: "/photo/list/?page=1") == nil)
    }
}
