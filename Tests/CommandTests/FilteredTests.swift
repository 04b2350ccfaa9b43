import SampleSite
import TestSupport
import Testing

/// Pictures that a recipe left out and that its successor wants.
@Suite(.timeLimit(.minutes(2)))
struct FilteredTests {
    private let fixture = CommandFixture()

    private func crawl(_ filter: String, _ site: SampleSite, _ more: String = "") async throws {
        try fixture.write(
            """
            pages: "\(site.address(of: "/list"))"
            item:
              each: img
              image: "::attr(src)"
              name: "::attr(alt)"
              fields: { kind: "::attr(class)" }
              \(filter)
            path: "{name}"
            \(more)
            """,
            to: "site.yaml"
        )
        #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
    }

    private func serve(_ body: (SampleSite) async throws -> Void) async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let kinds = ["cat", "dog", "ant", "bee"]
            let images = zip(site.gallery.items, kinds).map { item, kind in
                "<img class=\(kind) alt=\(kind == "bee" ? "cat" : kind) src=\(item.path)>"
            }
            site.route("/list", to: .html(images.joined()))
            try await body(site)
        }
    }

    private func paths() -> [String] {
        fixture.pictureFiles.sorted()
    }

    @Test func `what a changed filter lets pass comes back by retry`() async throws {
        try await serve { site in
            try await crawl("only: { kind: cat }", site)
            #expect(paths() == ["cat"])
            // The recipe in force is the newest; a known page is not read again by itself.
            try await crawl("unless: { kind: ant }", site)
            #expect(paths() == ["cat"])
            let plan = try await fixture.magpie(
                "retry",
                "pictures",
                "--class",
                "filtered",
                "--dry-run"
            )
            #expect(plan.output.hasPrefix("image filtered: 2\n"), "\(plan.output)")
            #expect(try await fixture.magpie("retry", "pictures").output.contains("0 images"))

            let retry = try await fixture.magpie("retry", "pictures", "--class", "filtered")
            #expect(retry.code == 0, "\(retry.errors)")
            #expect(paths() == ["cat", "dog"])
            // One of the two wants a path that is taken.
            #expect(
                try await fixture.sql("select caption, reason from skips order by id") == [
                    "ant|filtered", "cat|path_taken",
                ]
            )
            #expect(
                try await fixture.sql("select attempts from downloads order by id") == ["1", "2"]
            )
            #expect(site.ledger.count("/list") == 1)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    @Test func `one whose path is taken gets another where the recipe says so`() async throws {
        try await serve { site in
            try await crawl("only: { kind: cat }", site)
            try await crawl("only: { kind: [cat, bee] }", site, "on_conflict: rename")
            #expect(
                try await fixture.magpie("retry", "pictures", "--class", "filtered").code == 0
            )
            #expect(paths() == ["cat", "cat (2)"])
            #expect(try await fixture.sql("select caption from downloads") == ["cat", "cat"])
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }
}
