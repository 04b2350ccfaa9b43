import SampleSite
import TestSupport
import Testing

/// Start pages that stand in a file or come by standard input.
@Suite(.timeLimit(.minutes(5)))
struct StartPagesTests {
    private let fixture = CommandFixture()

    private func write(list: String, pages: String) throws {
        try fixture.write(
            """
            pages: { file: "\(pages)" }
            item:
              each: "a.col-xs-6.col-sm-3"
              image: "img::attr(data-original)"
              name: "p[style='display: none']::text"
            """,
            to: "list.yaml"
        )
        try fixture.write(list, to: "pages.txt")
    }

    @Test func `a file of addresses is crawled, and resumed without the file`() async throws {
        try await SampleSite.serve(Gallery(pages: 3)) { site async throws in
            let pages = (1...3).map { site.address(of: site.gallery.path(ofPage: $0)) }
            let list = "# pages\n\n  \(pages[0])\r\n\(pages[1])\n\(pages[1])\n\(pages[2])"
            try write(list: list, pages: "pages.txt")
            let crawl = try await fixture.magpie("crawl", "list.yaml", "--into", "pictures")
            #expect(crawl.code == 0, "\(crawl.errors)")
            #expect(fixture.pictureFiles.count == 60)
            try fixture.write("nonsense", to: "pages.txt")
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
        }
    }

    @Test func `standard input is a list of addresses`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site async throws in
            try write(list: site.address(of: site.gallery.path(ofPage: 1)) + "\n", pages: "-")
            let magpie = BuiltBinary.path(of: "magpie")
            let shell = try RunningProgram(
                "sh",
                ["-c", "'\(magpie)' crawl list.yaml --into pictures < pages.txt"],
                in: fixture.folder.path
            )
            let result = await shell.result()
            #expect(result.code == 0, "\(result.errors)")
            #expect(fixture.pictureFiles.count == 20)
        }
    }

    @Test func `a line that is no address is named`() async throws {
        try write(list: "http://127.0.0.1:9/a\n\nnowhere\n", pages: "pages.txt")
        let crawl = try await fixture.magpie("crawl", "list.yaml", "--into", "pictures")
        #expect(crawl.code == 64)
        #expect(crawl.errors.contains("pages.txt:3: 'nowhere'"), "\(crawl.errors)")
        try write(list: "", pages: "none.txt")
        let none = try await fixture.magpie("crawl", "list.yaml", "--into", "pictures")
        #expect(none.code == 64)
        #expect(none.errors.contains("'none.txt' can't be read: No such file"), "\(none.errors)")
    }
}
