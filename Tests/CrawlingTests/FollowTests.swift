import CrawlModel
import SampleSite
import Storage
import TestSupport
import Testing

/// Pages that lead to pages: levels, following pages, and where they end.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct FollowTests {
    private static func links(_ targets: [String], _ kind: String) -> String {
        targets.map { "<li class=\(kind)><a href='\($0)'>go</a><b>\($0.dropFirst())</b></li>" }
            .joined()
    }

    private static func picture(_ item: Gallery.Item) -> String {
        "<img class=big src='\(item.path)'>"
    }

    @Test func `an index leads to albums, albums to details, and fields are handed down`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site async throws in
            let items = site.gallery.items
            site.route(
                "/",
                to: .html(Self.links(["/sea", "/hill"], "album") + "<a class=next href='/more'>")
            )
            site.route("/more", to: .html(Self.links(["/town"], "album")))
            site.route("/sea", to: .html(Self.links(["/d0", "/d1"], "photo")))
            site.route("/hill", to: .html(Self.links(["/d2"], "photo")))
            site.route("/town", to: .html(Self.links(["/d3", "/d0"], "photo")))
            for item in items {
                site.route("/d\(item.index)", to: .html(Self.picture(item)))
            }
            let crawl = CrawlFixture()
            let recipe = """
                pages: "\(site.address(of: "/"))"
                follow:
                  - each: "li.album"
                    link: "a::attr(href)"
                    fields: { album: "b::text" }
                    next: "a.next::attr(href)"
                  - "li.photo a::attr(href)"
                item: { each: img.big, image: "::attr(src)" }
                path: "{album}/{index}{extension}"
                on_conflict: rename
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            let albums = try crawl.rows(
                "select fields ->> 'album', path, url from downloads order by url"
            )
            let expected = items.map { item in
                [["sea", "sea", "hill", "town"][item.index], site.address(of: item)]
            }
            #expect(Set(albums.map { [$0[0], $0[2]] }) == Set(expected))
            #expect(albums.allSatisfy { $0[1].hasPrefix($0[0] + "/") })
            #expect(
                try crawl.rows("select level, count(*), sum(items) from pages group by 1") == [
                    ["0", "2", "3"], ["1", "3", "5"], ["2", "4", "4"],
                ]
            )
            #expect(site.ledger.requests.count { $0.target != "/robots.txt" } == 9 + 4)
        }
    }

    @Test func `albums nest to any depth`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site async throws in
            let items = site.gallery.items
            let pages = ["/", "/a", "/a/b", "/a/b/c"]
            for (index, page) in pages.enumerated() {
                let below = pages.dropFirst(index + 1).prefix(1) + ["/"]
                let text = Self.links(Array(below), "album") + Self.picture(items[index])
                site.route(page, to: .html(text))
            }
            let crawl = CrawlFixture()
            let recipe = """
                pages: "\(site.address(of: "/"))"
                follow: { link: "li.album a::attr(href)", again: true }
                item: { each: img.big, image: "::attr(src)" }
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            #expect(try crawl.ask("select count(*) from downloads") == [4])
            #expect(try crawl.ask("select max(level) from pages") == [0])
            for page in pages { #expect(site.ledger.count(page) == 1) }
        }
    }

    private static func chain(_ site: SampleSite, _ more: String) -> String {
        """
        pages: "\(site.address(of: "/p1"))"
        next: "a.next::attr(href)"
        item: { each: img.big, image: "::attr(src)" }
        timeout: 300s
        \(more)
        """
    }

    @Test func `following pages end when a page comes again under another address`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3)) { site async throws in
            for number in 1...9 {
                let item = site.gallery.items[min(number, 3) - 1]
                let next = "<a class=next href='/p\(number + 1)'>"
                site.route("/p\(number)", to: .html(Self.picture(item) + next))
            }
            let crawl = CrawlFixture()
            #expect(try await crawl.run(Self.chain(site, "")) == .finished)
            #expect(try crawl.ask("select count(*) from downloads") == [3])
            #expect(site.ledger.count("/p4") == 1)
            #expect(site.ledger.count("/p5") == 0)
        }
    }

    @Test func `no more pages are read than the recipe allows`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 9)) { site async throws in
            for number in 1...9 {
                let item = site.gallery.items[number - 1]
                let next = "<a class=next href='/p\(number + 1)'>"
                site.route("/p\(number)", to: .html(Self.picture(item) + next))
            }
            let crawl = CrawlFixture()
            #expect(try await crawl.run(Self.chain(site, "max_pages: 4")) == .finished)
            #expect(try crawl.ask("select pages_done from runs") == [4])
            #expect(try crawl.ask("select count(*) from downloads") == [4])
        }
    }

    @Test func `an imported list takes no page from those that may be read`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 9)) { site async throws in
            for number in 1...9 {
                let item = site.gallery.items[number - 1]
                let next = "<a class=next href='/p\(number + 1)'>"
                site.route("/p\(number)", to: .html(Self.picture(item) + next))
            }
            let address = site.address(of: site.gallery.items[8])
            let image = ListedImage(
                discovery: Discovery(
                    reference: address,
                    address: .success(try WebAddress(address)),
                    name: "listed"
                ),
                path: ImagePath(folder: "", stem: "listed", extensionName: ".jpg"),
                page: nil,
                digest: nil
            )
            let crawl = CrawlFixture()
            let ending = try await crawl.run(Self.chain(site, "max_pages: 4")) { store in
                _ = try await store.add([image], ofList: "list.txt", onConflict: .skip)
            }
            #expect(ending == .finished)
            #expect(site.ledger.count("/p4") == 1)
            #expect(site.ledger.count("/p5") == 0)
        }
    }

    @Test func `of many links no more are taken than pages are allowed`() async throws {
        try await SampleSite.serve { site async throws in
            let targets = (1...9).map { "/p\($0)" }
            site.route("/", to: .html(Self.links(targets, "album")))
            for target in targets { site.route(target, to: .html("<p>nothing")) }
            let crawl = CrawlFixture()
            let recipe = """
                pages: "\(site.address(of: "/"))"
                follow: "li.album a::attr(href)"
                max_pages: 4
                item: { each: img.big, image: "::attr(src)" }
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            #expect(try crawl.ask("select count(*) from page where state = 2") == [4])
            #expect(try crawl.ask("select count(*) from page") == [4])
        }
    }
}
