import CrawlModel
import SampleSite
import Testing

/// Markup and addresses as real pages have them.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RealMarkupTests {
    @Test func `pictures that load late or come in sizes are found in full size`() async throws {
        try await SampleSite.serve { site async throws in
            let page = """
                <div><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/lazy.png">
                <noscript><img src="/plain.png"></noscript><b>lazy</b></div>
                <div><img class=lazy><noscript><img src="/noscript.png"></noscript><b>noscript</b></div>
                <div><picture><source type="image/webp" srcset="/s.webp 400w, /l.webp 1600w">
                <img src="/fallback.jpg"></picture><b>picture</b></div>
                """
            site.route("/", to: .html(page))
            let paths = ["/lazy.png": Picture.Format.png, "/noscript.png": .png, "/l.webp": .webp]
            for (number, path) in paths.keys.sorted().enumerated() {
                let format = paths[path] ?? .png
                site.route(path, to: .picture(Picture(format, number: UInt64(number))))
            }
            let crawl = CrawlFixture()
            let recipe = """
                pages: "\(site.address(of: "/"))"
                item:
                  each: div
                  image: ["img::attr(data-src)", "source::attr(srcset)", "noscript img::attr(src)", "img::attr(src)"]
                  name: "b::text"
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            #expect(crawl.pictures() == ["lazy.png", "noscript.png", "picture.webp"])
        }
    }

    @Test func `addresses with blanks, Chinese letters and fragments are asked for encoded`()
        async throws
    {
        try await SampleSite.serve { site async throws in
            let page = """
                <img src="/my cat.png"><img src="/图/猫.png#top"><img src=" /a&amp;b.png?q=ä b ">
                <img src="\\back\\slash.png"><img src="/my%20cat.png">
                """
            site.route("/", to: .html(page))
            let targets = [
                "/my%20cat.png", "/%E5%9B%BE/%E7%8C%AB.png", "/a&b.png?q=%C3%A4%20b",
                "/back/slash.png",
            ]
            for (number, target) in targets.enumerated() {
                site.route(target, to: .picture(Picture(.png, number: UInt64(number))))
            }
            let crawl = CrawlFixture()
            let recipe = """
                pages: "\(site.address(of: "/"))"
                item: { each: img, image: "::attr(src)" }
                timeout: 300s
                """
            #expect(try await crawl.run(recipe) == .finished)
            #expect(crawl.pictures() == ["a&b.png", "my cat.png", "slash.png", "猫.png"])
            for target in targets { #expect(site.ledger.count(target) == 1, "\(target)") }
        }
    }
}
