import Foundation
import SampleSite
import TestSupport
import Testing

/// The limits of a run, as the command has them.
@Suite(.timeLimit(.minutes(2)))
struct LimitTests {
    private let fixture = CommandFixture()

    @Test func `a limit is said in the report, with the next command and a code of its own`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site, "workers: { images: 2 }")
            let crawl = try await fixture.magpie(
                "crawl",
                "site.yaml",
                "--into",
                "pictures",
                "--max-images",
                "5"
            )
            #expect(crawl.code == 4)
            #expect(crawl.output.contains("stopped: --max-images is reached; nothing is lost"))
            #expect(crawl.output.contains("images  5 done, 0 skipped, 0 failed, 15 waiting"))
            #expect(crawl.output.contains("next:   magpie resume pictures\n"))
            #expect(fixture.pictureFiles.count == 5)

            let bytes = try await fixture.magpie(
                "resume",
                "pictures",
                "--max-bytes",
                "1",
                "--json"
            )
            #expect(bytes.code == 4)
            #expect(bytes.output.contains(#""stopped_by":"max_bytes""#))

            let all = try await fixture.magpie("resume", "pictures", "--max-images", "1000")
            #expect(all.code == 0)
            #expect(fixture.pictureFiles.count == 20)
        }
    }

    @Test func `the time of a run is limited`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site, "workers: { images: 1 }")
            for item in site.gallery.items { site.fault(.delay(.milliseconds(200)), at: item.path) }
            let crawl = try await fixture.magpie(
                "crawl",
                "site.yaml",
                "--into",
                "pictures",
                "--max-time",
                "500ms"
            )
            #expect(crawl.code == 4)
            #expect(crawl.output.contains("--max-time is reached"))
            #expect(fixture.pictureFiles.count < 20)
            for item in site.gallery.items { site.fault(nil, at: item.path) }
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            #expect(fixture.pictureFiles.count == 20)
        }
    }

    @Test func `too little room has the code and the cure of a full disk`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let crawl = try await fixture.magpie(
                "crawl",
                "site.yaml",
                "--into",
                "pictures",
                "--min-free",
                "900TB"
            )
            #expect(crawl.code == 1)
            #expect(crawl.errors.contains("no room is left"))
            #expect(crawl.errors.contains("magpie resume"))
            #expect(try await fixture.magpie("resume", "pictures", "--min-free", "0").code == 0)
            #expect(fixture.pictureFiles.count == 20)
        }
    }

    @Test(
        arguments: [
            ["--max-images", "0"], ["--max-bytes", "0"], ["--max-bytes", "many"],
            ["--max-time", "0s"], ["--max-time", "soon"], ["--limit-rate", "999"],
            ["--limit-rate", "5X"], ["--min-free", "-1"],
        ]
    )
    func `a limit that makes no sense is wrong usage`(words: [String]) async throws {
        let crawl = try await fixture.start(["resume", "pictures"] + words).result()
        #expect(crawl.code == 64)
    }
}
