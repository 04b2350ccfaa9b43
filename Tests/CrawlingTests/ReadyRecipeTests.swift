import CrawlModel
import Foundation
import SampleSite
import Storage
import Testing

/// The recipes of docs/recipes, each crawled to the last byte from a site of its markup.
///
/// A site is a file of sections: `=== TARGET` and the page behind it, and `=== expected` with a line for
/// each picture: its path, its target, and its format where the target's extension does not tell.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ReadyRecipeTests {
    private static let names = [
        "albums", "blog", "directory", "feed", "forum", "imageboard", "json-api", "list",
        "opengraph", "sigal", "simplegallery", "sitemap", "wordpress",
    ]
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    static let recipes = root.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/recipes")

    private struct Expected {
        let path: String
        let target: String
        let picture: Picture
    }

    private static func text(_ file: URL, of site: SampleSite) throws -> String {
        try String(contentsOf: file, encoding: .utf8)
            .replacing("https://gallery.example", with: site.address(of: ""))
            .replacing("//gallery.example", with: String(site.address(of: "").dropFirst(5)))
    }

    /// Shows the pages and pictures of a file on a site.
    private static func serve(_ name: String, on site: SampleSite) throws -> [Expected] {
        let file = root.appending(path: "Sites/\(name).site")
        var expected: [Expected] = []
        for section in try text(file, of: site).components(separatedBy: "=== ").dropFirst() {
            let end = section.firstIndex(of: "\n") ?? section.endIndex
            let (target, body) = (String(section[..<end]), section[end...].dropFirst())
            guard target == "expected" else {
                site.route(target, to: .init(body: Array(body.utf8)))
                continue
            }
            for (number, line) in body.split(separator: "\n").enumerated() {
                let cells = line.split(separator: "\t").map(String.init)
                let format = Picture.Format.allCases.first { cells[0].hasSuffix($0.suffix) }
                let picture = Picture(
                    try #require(format),
                    number: UInt64(number + 1),
                    minimumBytes: 700
                )
                site.route(cells[1], to: .picture(picture))
                expected.append(Expected(path: cells[0], target: cells[1], picture: picture))
            }
        }
        return expected
    }

    @Test(arguments: names)
    func `a ready recipe crawls a site of its kind to the last byte`(name: String) async throws {
        try await SampleSite.serve { site async throws in
            let expected = try Self.serve(name, on: site)
            let recipe = try Self.text(Self.recipes.appending(path: "\(name).yaml"), of: site)
            let crawl = CrawlFixture()
            #expect(try await crawl.run(recipe + "\ntimeout: 300s\n") == .finished)
            #expect(try crawl.rows("select url, error_class, message from failures") == [])
            #expect(crawl.pictures() == expected.map(\.path).sorted())
            for picture in expected {
                #expect(crawl.bytes(of: picture.path) == picture.picture.bytes, "\(picture.path)")
                #expect(site.ledger.count(picture.target) == 1, "\(picture.target)")
            }
            // Whatever else was asked for was a page of the site, and each once.
            let requests = site.ledger.requests.map(\.target)
            #expect(Set(requests).count == requests.count)
            let violations = try CrawlReader(crawl.folder).violations().count
            #expect(violations == 0)
        }
    }

    @Test(arguments: ["doutula", "doutula-regex"])
    func `the article's recipes crawl a gallery to the last byte`(name: String) async throws {
        try await SampleSite.serve(Gallery(pages: 3)) { site async throws in
            let file = Self.recipes.appending(path: "\(name).yaml")
            let recipe = try String(contentsOf: file, encoding: .utf8)
                .replacing("https://www.doutula.com", with: site.address(of: ""))
                .replacing("{1..1655}", with: "{1..3}").replacing(
                    "timeout: 2s",
                    with: "timeout: 300s"
                )
            let crawl = CrawlFixture()
            #expect(try await crawl.run(recipe) == .finished)
            #expect(crawl.pictures().count == 60)
            for item in site.gallery.items {
                let picture = site.gallery.picture(of: item)
                #expect(crawl.bytes(of: item.caption + picture.format.suffix) == picture.bytes)
            }
        }
    }

    @Test func `every ready recipe has a site`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.recipes.path)
        let tested = (Self.names + ["doutula", "doutula-regex"]).map { "\($0).yaml" }
        #expect(files.filter { $0.hasSuffix(".yaml") }.sorted() == tested.sorted())
    }
}
