import Foundation
import SampleSite
import TestSupport
import Testing

/// `magpie check`, the place where recipes are made.
@Suite(.timeLimit(.minutes(2)))
struct CheckCommandTests {
    private let fixture = CommandFixture()

    private static let page = """
        <!DOCTYPE html><meta charset=utf-8><div class="gallery">
        <a class="thumb lazy"><img src="/load.gif" data-src="/pic/1.jpg"><b>Tom</b></a>
        <a class="thumb lazy"><img src="/load.gif" data-src="/pic/2.jpg"><b>Tom</b></a></div>
        """

    /// Checks a page with the image's and the items' selectors.
    private func check(
        each: String = "a.thumb",
        image: String = "img::attr(data-src)",
        _ more: String = ""
    ) async throws -> RunningProgram.Result {
        try fixture.write(Self.page, to: "page.html")
        try fixture.write(
            """
            pages: "https://example.org/list"
            item: { each: "\(each)", image: "\(image)", name: "b::text" }
            \(more)
            """,
            to: "cats.yaml"
        )
        return try await fixture.magpie("check", "cats.yaml", "page.html")
    }

    @Test func `a selector that finds nothing is followed step by step`() async throws {
        let result = try await check(each: "div.gallery > a.thmb")
        #expect(result.code == 3)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "0 items, 0 without a picture, read as utf-8",
                "hint: 'item.each' on line 2 finds nothing: div.gallery > a.thmb",
                "  1  div", "  1  div.gallery", "  2  div.gallery > a",
                "  0  div.gallery > a.thmb",
                "  the page has no class 'thmb': did you mean 'thumb' (2)?",
            ]
        )
        let image = try await check(image: "img::attr(data-original)")
        #expect(image.output.contains("no 'data-original'; they have 'data-src' (2), 'src' (2)"))
    }

    @Test func `two pictures that want one path are told, and how they go`() async throws {
        let skipped = try await check()
        #expect(skipped.code == 0)
        #expect(skipped.output.contains("the path belongs to https://example.org/pic/1.jpg"))
        let renamed = try await check("on_conflict: rename")
        #expect(renamed.output.contains("\nTom (2).jpg"))
        #expect(renamed.output.contains("renamed: the path belongs to"))
    }

    @Test func `a saved page is tried again without the site`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            let second = site.address(of: site.gallery.path(ofPage: 2))
            let online = try await fixture.magpie(
                "check",
                "site.yaml",
                second,
                "--save",
                "second.html"
            )
            #expect(site.ledger.requests.count == 1)
            let bytes = FileManager.default.contents(atPath: fixture.folder.path("second.html"))
            let offline = try await fixture.magpie("check", "site.yaml", "second.html")
            #expect(offline.output == online.output)
            #expect(offline.output.contains(site.gallery.items[20].caption))
            #expect(site.ledger.requests.count == 1)
            #expect((bytes?.count ?? 0) > 1000)
        }
    }

    @Test func `a page that a browser saved, or whose address is given, resolves by it`()
        async throws
    {
        _ = try await check()
        let mark = "<!-- saved from url=(0022)https://cats.test/tom/ -->\n"
        try fixture.write(
            mark + "<a class=thumb><img data-src=a.png><b>Tom</b></a>",
            to: "page.html"
        )
        let marked = try await fixture.magpie("check", "cats.yaml", "page.html")
        #expect(marked.output.contains("https://cats.test/tom/a.png"))
        let given = try await fixture.magpie(
            "check",
            "cats.yaml",
            "page.html",
            "--url",
            "https://dogs.test/x/y"
        )
        #expect(given.output.contains("https://dogs.test/x/a.png"))
    }

    @Test func `following goes through the pages and can be repeated offline`() async throws {
        try await SampleSite.serve(Gallery(pages: 4)) { site in
            try fixture.writeRecipe(of: site)
            let online = try await fixture.magpie(
                "check",
                "site.yaml",
                "--follow",
                "3",
                "--save",
                "saved"
            )
            #expect(online.code == 0)
            #expect(
                online.output.hasSuffix("3 pages, 60 items, 0 without a picture, 0 with a note\n")
            )
            let targets = ["/robots.txt"] + (1...3).map { site.gallery.path(ofPage: $0) }
            #expect(site.ledger.requests.map(\.target) == targets)
            let offline = try await fixture.magpie("check", "site.yaml", "saved")
            #expect(offline.output == online.output)
            #expect(site.ledger.requests.count == 4)
        }
    }

    @Test func `following goes down the levels before the next sibling`() async throws {
        try await SampleSite.serve { site in
            func route(_ target: String, _ body: String) {
                site.route(target, to: .init(body: Array("<!DOCTYPE html>\(body)".utf8)))
            }
            route("/", "<a class=album href=/a>A</a><a class=album href=/b>B</a>")
            route("/a", "<img src=/1.png><a rel=next href=/a2>more</a>")
            route("/a2", "<img src=/2.png>")
            route("/b", "<img src=/3.png>")
            try fixture.write(
                """
                pages: "\(site.address(of: "/"))"
                follow: { each: "a.album", link: "::attr(href)", fields: { album: "::text" } }
                item: { each: "img", image: "::attr(src)" }
                next: "a[rel=next]::attr(href)"
                path: "{album}/{name}{extension}"
                """,
                to: "albums.yaml"
            )
            let result = try await fixture.magpie("check", "albums.yaml", "--follow", "4", "--json")
            #expect(result.code == 0, "\(result.errors)")
            let pages = try result.output.split(separator: "\n").map {
                try #require(
                    try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
                )
            }
            let addresses = ["/", "/a", "/a2", "/b"].map { site.address(of: $0) }
            #expect(pages.map { $0["page"] as? String } == addresses)
            #expect(pages.map { $0["level"] as? Int } == [0, 1, 1, 1])
            let paths = pages.flatMap { $0["items"] as? [[String: Any]] ?? [] }
                .map { $0["path"] as? String }
            #expect(paths == ["A/1.png", "A/2.png", "B/3.png"])
        }
    }

    @Test func `following keeps to robots txt`() async throws {
        try await SampleSite.serve(Gallery(pages: 3)) { site in
            try fixture.writeRecipe(of: site)
            let forbidden = site.gallery.path(ofPage: 2)
            let rules = "User-agent: *\nDisallow: \(forbidden)\n"
            site.route("/robots.txt", to: .init(body: Array(rules.utf8)))
            let result = try await fixture.magpie("check", "site.yaml", "--follow", "3")
            #expect(result.code == 3)
            #expect(result.errors.contains("robots.txt forbids it"))
            #expect(
                result.output.hasSuffix("2 pages, 40 items, 0 without a picture, 0 with a note\n")
            )
            #expect(site.ledger.count(forbidden) == 0)
        }
    }

    @Test func `a crawl folder says what it has and who owns a path`() async throws {
        let gallery = Gallery(pages: 1)
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            site.fault(.status(404), at: gallery.items[3].path)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 3)
            let body = """
                <!DOCTYPE html><meta charset=utf-8>
                <a class="col-xs-6 col-sm-3"><img data-original="/new.jpg">\
                <p style="display: none">\(gallery.items[0].caption)</p></a>
                <a class="col-xs-6 col-sm-3"><img data-original="/other.jpg">\
                <p style="display: none">stranger</p></a>
                """
            let known = try await fixture.magpie("check", "site.yaml", "--into", "pictures")
            #expect(known.output.contains("19 on disk, 0 new to the crawl folder"))
            #expect(known.output.contains("failed (http_4xx)"))
            site.route("/more", to: .init(body: Array(body.utf8)))
            try fixture.write("mine", to: "pictures/stranger.jpg")
            let new = try await fixture.magpie(
                "check",
                "site.yaml",
                site.address(of: "/more"),
                "--into",
                "pictures"
            )
            let owner = site.address(of: gallery.items[0])
            #expect(new.output.contains("the path belongs to \(owner)"))
            #expect(new.output.contains("the path belongs to a file that no crawl has written"))
            #expect(new.output.contains("0 on disk, 2 new to the crawl folder"))
            let none = try await fixture.magpie("check", "site.yaml", "--into", "nowhere")
            #expect(none.code == 10)
        }
    }
}
