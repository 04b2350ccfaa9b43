import Foundation
import SampleSite
import TestSupport
import Testing

/// `magpie init --from`, which proposes recipes.
@Suite(.timeLimit(.minutes(2)))
struct InitCommandTests {
    private let fixture = CommandFixture()

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The address and picture of each item that is not left out, and the links, as `check` gives them.
    private struct Found: Equatable, CustomStringConvertible {
        var addresses: [String] = []
        var names: [String] = []
        var links: [String] = []

        init(_ json: String) throws {
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            for item in object?["items"] as? [[String: Any]] ?? [] where item["path"] != nil {
                addresses.append(item["url"] as? String ?? "")
                names.append(item["name"] as? String ?? "")
            }
            links = object?["links"] as? [String] ?? []
        }

        var description: String {
            zip(names, addresses).map { "\($0) \($1)" }.joined(separator: "\n")
        }
    }

    /// Saves a page of a ready recipe's site, as `check --save` does.
    private func save(_ target: String, of site: String) throws {
        let file = Self.root.appending(path: "Tests/CrawlingTests/Sites/\(site).site")
        let text = try String(contentsOf: file, encoding: .utf8)
        let section = try #require(
            text.components(separatedBy: "=== ").first { $0.hasPrefix("\(target)\n") }
        )
        try fixture.write(String(section.dropFirst(target.count + 1)), to: "page.html")
        try fixture.write("URL: https://gallery.example\(target)\n", to: "page.html.head")
    }

    private func check(_ recipe: String, _ arguments: String...) async throws -> Found {
        let result = try await fixture.start(["check", recipe] + arguments + ["--json"]).result()
        return try Found(result.output)
    }

    /// Pages of the sites of the ready recipes, the level they have there, and whether the names are the same, too.
    @Test(arguments: [
        ("blog", "/blog/", "0", true),
        ("forum", "/thread.php?t=1", "1", false),
        ("imageboard", "/b/res/100.html", "1", false),
        ("directory", "/pictures/big%20cats/", "0", true),
        ("feed", "/feed.xml", "0", true),
        ("list", "/pictures.txt", "0", true),
    ])
    func `a proposal finds what the recipe written by hand finds`(
        site: String,
        target: String,
        level: String,
        hasSameNames: Bool
    ) async throws {
        try save(target, of: site)
        let made = try await fixture.magpie("init", "made", "--from", "page.html")
        #expect(made.code == 0, "\(made.errors)")
        let recipe = Self.root.appending(path: "docs/recipes/\(site).yaml").path
        let expected = try await check(recipe, "page.html", "--level", level)
        let found = try await check("made.yaml", "page.html")
        #expect(found.addresses == expected.addresses)
        if hasSameNames { #expect(found.names == expected.names) }
        #expect(!found.addresses.isEmpty)
    }

    @Test func `a sitemap is proposed as one`() async throws {
        try save("/map-1.xml", of: "sitemap")
        #expect(try await fixture.magpie("init", "made", "--from", "page.html").code == 0)
        #expect(try await check("made.yaml", "page.html").links.count == 2)
    }

    @Test func `the article's gallery is found on a site, and its next page`() async throws {
        let gallery = Gallery(pages: 3)
        try await SampleSite.serve(gallery) { site in
            let page = site.address(of: gallery.path(ofPage: 1))
            let made = try await fixture.magpie("init", "--from", page)
            #expect(made.output.hasPrefix("wrote 127.0.0.1.yaml, which finds 20 items on the page"))
            let whole = try await fixture.magpie(
                "crawl",
                "127.0.0.1.yaml",
                "--into",
                "pictures"
            )
            #expect(whole.code == 0, "\(whole.output)")
            #expect(fixture.pictureFiles.count == 60)
            let again = try await fixture.magpie("init", "--from", page)
            #expect(again.code == 64)
            #expect(again.errors.contains("is there already"))
        }
    }

    @Test func `numbered pages become a range where nothing leads on`() async throws {
        let links = (2...7).map { "<a href='/list?page=\($0)&s=1'>\($0)</a>" }.joined()
        let items = (1...4).map { "<li class=pic><img src=/\($0).jpg title='Cat no \($0)a'>" }
        try fixture.write("<ul>\(items.joined())</ul>\(links)", to: "page.html")
        let made = try await fixture.magpie(
            "init",
            "made",
            "--from",
            "page.html",
            "--url",
            "https://cats.test/list?page=1&s=1"
        )
        #expect(made.code == 0, "\(made.errors)")
        let text = try String(contentsOfFile: fixture.folder.path("made.yaml"), encoding: .utf8)
        #expect(text.contains("pages: \"https://cats.test/list?page={1..7}&s=1\""))
        #expect(text.contains("each: \"li.pic\""))
        #expect(text.contains("image: \"img::attr(src)\""))
        #expect(text.contains("name: \"img::attr(title)\""))
    }

    @Test func `attributes of late loading are preferred, and what stands in is not taken`()
        async throws
    {
        let items = (1...5).map { number in
            let real = number == 3 ? "src=/real3.jpg" : "src=/wait.gif data-src=/real\(number).jpg"
            return
                "<div class=card><img \(real)><h3>Title \(number == 1 ? "one" : "no") \(number)</h3></div>"
        }
        try fixture.write("<main>\(items.joined())</main>", to: "page.html")
        #expect(try await fixture.magpie("init", "made", "--from", "page.html").code == 0)
        let found = try await check("made.yaml", "page.html")
        #expect(found.addresses == (1...5).map { "http://localhost/real\($0).jpg" })
        #expect(found.names.first == "Title one 1")
        let without = items[0...1] + ["<div class=card><img src=/wait.gif></div>"] + items[3...]
        try fixture.write("<main>\(without.joined())</main>", to: "page.html")
        #expect(try await fixture.magpie("init", "again", "--from", "page.html").code == 0)
        let text = try String(contentsOfFile: fixture.folder.path("again.yaml"), encoding: .utf8)
        #expect(text.contains("image: \"img::attr(data-src)\""))
    }

    @Test(arguments: [
        "<p>Words only.", "<img src=/one.jpg><p>One picture", "",
        "<nav><img src=/a.png><img src=/b.png></nav>",
    ])
    func `a page on which nothing is repeated gives no recipe`(page: String) async throws {
        try fixture.write("<!DOCTYPE html><html><body>\(page)</body></html>", to: "page.html")
        let made = try await fixture.magpie("init", "made", "--from", "page.html")
        #expect(made.code == 3)
        #expect(made.errors.contains("nothing was written"))
        #expect(fixture.folder.files() == ["page.html"])
        #expect(try await fixture.magpie("init").code == 64)
    }

    @Test func `names that no selector can have are left out of a proposal`() async throws {
        let items = (1...3).map {
            "<x:card class='9a b:c \($0)'><img data-src:x=/a\($0).jpg src=/\($0).jpg><o:t>T\($0)</o:t></x:card>"
        }
        try fixture.write(
            "<div id='1:2'>\(items.joined())</div><a class=next href='/?\"'>n</a>",
            to: "page.html"
        )
        let made = try await fixture.magpie("init", "made", "--from", "page.html")
        #expect(made.code == 0, "\(made.errors)")
        #expect(try await check("made.yaml", "page.html").addresses.count == 3)
    }

    /// What it does not find: the items of another kind of block, and pictures behind links.
    @Test func `mixed blocks are found in part, and albums by their thumbnails`() async throws {
        try save("/category/travel/", of: "wordpress")
        #expect(try await fixture.magpie("init", "made", "--from", "page.html").code == 0)
        let recipe = Self.root.appending(path: "docs/recipes/wordpress.yaml").path
        let expected = Set(try await check(recipe, "page.html").addresses)
        let found = try await check("made.yaml", "page.html").addresses
        // The smiley is in a block of the same name; the classic gallery is of another one.
        #expect(expected.intersection(found).count == 2 && expected.count == 3)
    }
}
