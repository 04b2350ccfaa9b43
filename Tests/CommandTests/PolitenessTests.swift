import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PolitenessTests {
    private let fixture = CommandFixture()

    @Test func `a kill in the middle of a wait does not shorten it`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            try fixture.writeRecipe(of: site, "workers: { images: 1 }")
            let picture = site.gallery.items[1].path
            let later = SampleSite.Fault.status(503, headers: ["Retry-After": "3"])
            site.fault(.first(1, later), at: picture)
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await site.requested(picture)
            try await eventually("the failure is committed") {
                try await fixture.sql("select count(*) from attempt") == ["1"]
            }
            crawl.send(SIGKILL)
            _ = await crawl.result()
            let until = try await fixture.sql("select blocked_until_ms from host")
            #expect(until != ["0"])

            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            #expect(fixture.pictureFiles.count == 4)
            #expect(try await fixture.sql("select blocked_until_ms from host") == until)
            let early = """
                select count(*) from image where run_id = 2
                and ended_ms < (select blocked_until_ms from host)
                """
            #expect(try await fixture.sql(early) == ["0"])
        }
    }

    @Test func `the report says that robots txt was ignored, and what it forbids`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 4)) { site in
            let path = site.gallery.items[2].path
            site.route("/robots.txt", to: .html("User-agent: magpie\nDisallow: \(path)\n"))
            try fixture.writeRecipe(of: site)
            let polite = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(polite.output.contains("skipped  robots: 1 (robots.txt forbids it)"))
            #expect(!polite.output.contains("robots.txt was not"))
            try fixture.writeRecipe(of: site, "robots: ignore")
            let rude = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(rude.output.contains("robots.txt was not asked for: the recipe ignores it"))
        }
    }
}
