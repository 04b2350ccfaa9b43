import CrawlModel
import Foundation
import SampleSite
import Storage
import TestSupport
import Testing

/// Pictures that stand in the page itself, from the page to the disk.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct InlineImageTests {
    private static let pictures = [
        Picture(.png, number: 1, minimumBytes: 700),
        Picture(.jpeg, number: 2, minimumBytes: 90_000),
        Picture(.gif, number: 3, minimumBytes: 700),
    ]

    private static func base64(_ bytes: [UInt8]) -> String {
        "data:image/x;base64,\(Data(bytes).base64EncodedString())"
    }

    private static func percent(_ bytes: [UInt8]) -> String {
        "data:," + bytes.map { "%" + String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    }

    private static func recipe(_ site: SampleSite, _ more: String = "") -> String {
        """
        pages: "\(site.address(of: "/list"))"
        item: { each: img, image: "::attr(src)", name: "::attr(alt)" }
        timeout: 300s
        \(more)
        """
    }

    private static var page: String {
        """
        <img alt=One src="\(base64(pictures[0].bytes))"><img alt=Two src="\(base64(pictures[1].bytes))">
        <img alt=Three src="\(percent(pictures[2].bytes))"><img alt=Again src="\(percent(pictures[0].bytes))">
        <img alt=Text src="data:text/html,<p>"><img alt=Cut src="data:;base64,A">
        """
    }

    @Test func `pictures of a page are files, and nobody is asked for them`() async throws {
        try await SampleSite.serve { site async throws in
            site.route("/list", to: .html(Self.page))
            let crawl = CrawlFixture()
            // Limits are for those who are asked.
            let recipe = Self.recipe(site, "politeness: { connections: 1, delay: 1h }")
            let begin = crawl.clock.now
            #expect(try await crawl.run(recipe) == .finished)
            // The site's page had to wait for its robots.txt, the pictures for nobody.
            #expect(crawl.clock.now - begin < .seconds(3 * 3600))
            #expect(crawl.pictures() == ["One.png", "Three.gif", "Two.jpg"])
            #expect(crawl.bytes(of: "One.png") == Self.pictures[0].bytes)
            #expect(crawl.bytes(of: "Two.jpg") == Self.pictures[1].bytes)
            #expect(crawl.bytes(of: "Three.gif") == Self.pictures[2].bytes)
            #expect(Set(site.ledger.requests.map(\.target)) == ["/robots.txt", "/list"])
            #expect(
                try crawl.rows("select error_class, attempts from failures order by id") == [
                    ["not_an_image", "1"], ["bad_url", "1"],
                ]
            )
            let urls = try crawl.rows("select url from downloads order by id").flatMap(\.self)
            #expect(urls.map { $0.prefix(22) }.first == "data:image/png;sha256=")
            #expect(urls.allSatisfy { $0.count < 100 })
            let violations = try CrawlReader(crawl.folder).violations().count
            #expect(violations == 0)
        }
    }

    @Test func `a lost file is made again without its page`() async throws {
        try await SampleSite.serve { site async throws in
            site.route("/list", to: .html(Self.page))
            let crawl = CrawlFixture()
            try await crawl.run(Self.recipe(site))
            try FileManager.default.removeItem(atPath: "\(crawl.folder.path)/Two.jpg")
            let lost = try CrawlReader(crawl.folder).published(after: 0, limit: 10)
                .filter { "\($0.path)" == "Two.jpg" }
            #expect(lost.count == 1)
            try await crawl.run(Self.recipe(site)) { store in
                let files = try PublishedFiles(crawl.folder)
                _ = try await store.repair(lost.compactMap { try files.checkPresence($0) })
            }
            #expect(crawl.bytes(of: "Two.jpg") == Self.pictures[1].bytes)
            #expect(site.ledger.count("/list") == 1)
        }
    }

    @Test func `one that came from a list has its bytes when its page was read`() async throws {
        try await SampleSite.serve { site async throws in
            site.route("/list", to: .html(Self.page))
            let crawl = CrawlFixture()
            let bytes = Self.pictures[1].bytes
            let name = WebAddress(inlineDigest: Digest.sha256(bytes), format: .jpeg).description
            let image = ListedImage(
                discovery: Discovery(
                    reference: name,
                    address: .success(try #require(WebAddress(inlineName: name))),
                    name: "Two"
                ),
                path: ImagePath(folder: "", stem: "Two", extensionName: ".jpg"),
                page: nil,
                digest: nil
            )
            try await crawl.run(Self.recipe(site)) { store in
                _ = try await store.add([image], ofList: "list.csv", onConflict: .skip)
            }
            // It may have been tried before its page was read.
            try await crawl.run(Self.recipe(site)) { _ = try await $0.retry(RetrySelection()) }
            #expect(crawl.pictures() == ["One.png", "Three.gif", "Two.jpg"])
            let isSame = crawl.bytes(of: "Two.jpg") == bytes
            #expect(isSame)
        }
    }

    @Test func `one that was left out comes back with its bytes`()
        async throws
    {
        try await SampleSite.serve { site async throws in
            site.route("/list", to: .html(Self.page))
            let crawl = CrawlFixture()
            let recipe = Self.recipe(site).replacing(
                " }\ntimeout",
                with: ", unless: { name: One } }\ntimeout"
            )
            try await crawl.run(recipe)
            #expect(crawl.pictures() == ["Three.gif", "Two.jpg"])
            try await crawl.run(Self.recipe(site)) { store in
                let readmission = Readmission(onConflict: .skip) { _ in false }
                let selection = RetrySelection(classes: [.filtered])
                let counts = try await store.retry(selection, readmission: readmission)
                #expect(counts == [.page: 0, .image: 1])
            }
            #expect(crawl.bytes(of: "One.png") == Self.pictures[0].bytes)
        }
    }

    @Test func `what has no address is not tried again`() async throws {
        try await SampleSite.serve { site async throws in
            let broken = ["ftp://127.0.0.1/x.png", "javascript:alert(1)", "data:;base64,A"]
            let items = broken.map { "<a class=item><img src='\($0)' alt='\($0.prefix(4))'></a>" }
            site.route("/list", to: .html(Self.page + items.joined()))
            let crawl = CrawlFixture()
            #expect(try await crawl.run(Self.recipe(site)) == .finished)
            let ending = try await crawl.run(Self.recipe(site)) { store in
                _ = try await store.retry(RetrySelection())
            }
            #expect(ending == .finished)
        }
    }

    @Test func `one that is larger than allowed is refused`() async throws {
        try await SampleSite.serve { site async throws in
            site.route("/list", to: .html(Self.page))
            let crawl = CrawlFixture()
            try await crawl.run(Self.recipe(site, "limits: { image: 50kB }"))
            #expect(crawl.pictures() == ["One.png", "Three.gif"])
            #expect(
                try crawl.rows("select path, error_class from failures order by id")[0]
                    == ["Two.jpg", "too_large"]
            )
        }
    }
}
