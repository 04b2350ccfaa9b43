import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct CrawlCommandTests {
    private let fixture = CommandFixture()

    /// Every picture of the site is on disk under its caption, byte for byte, and nothing else is.
    private func expectWhole(_ site: SampleSite, sourceLocation: SourceLocation = #_sourceLocation)
    {
        let items = site.gallery.items
        let expected = items.map { $0.caption + $0.path.drop { $0 != "." } }
        #expect(fixture.pictureFiles == expected.sorted(), sourceLocation: sourceLocation)
        for (item, name) in zip(items, expected) {
            let isSame = fixture.bytes(of: name) == site.gallery.picture(of: item).bytes
            #expect(isSame, "\(name)", sourceLocation: sourceLocation)
        }
    }

    @Test func `a gallery is saved whole, and a second crawl asks for nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 3)) { site in
            try fixture.writeRecipe(of: site)
            let first = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(first.code == 0)
            #expect(first.errors == "")
            #expect(first.output.contains("images  60 done, 0 skipped, 0 failed, 0 waiting"))
            expectWhole(site)

            let asked = site.ledger.requests.count
            #expect(asked == 64)
            let second = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(second.code == 0)
            #expect(site.ledger.requests.count == asked)
        }
    }

    @Test func `after SIGKILL only what was in flight is asked for again`() async throws {
        let gallery = Gallery(pages: 10)
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            for item in gallery.items { site.fault(.delay(.milliseconds(20)), at: item.path) }
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await site.requested(times: 100)
            crawl.send(SIGKILL)
            #expect(await crawl.result().signal == SIGKILL)
            try await site.idle()
            #expect(try await fixture.sql("pragma integrity_check") == ["ok"])

            let resumed = try await fixture.magpie("resume", "pictures")
            #expect(resumed.code == 0)
            expectWhole(site)
            let asked = gallery.items.map { site.ledger.count($0.path) }
            #expect(asked.allSatisfy { $0 == 1 || $0 == 2 })
            #expect(asked.count { $0 == 2 } <= 30)
            for page in 1...gallery.pages {
                #expect(site.ledger.count(gallery.path(ofPage: page)) <= 2)
            }
            #expect(try await fixture.sql("select ending from runs") == ["crashed", "finished"])
            #expect(try await fixture.sql("pragma integrity_check") == ["ok"])
            #expect(try await fixture.sql("select count(*) from downloads") == ["200"])
            #expect(
                try FileManager.default.contentsOfDirectory(
                    atPath: fixture.folder.path("pictures/.magpie/parts")
                ) == []
            )
        }
    }

    @Test func `readers are answered while the crawl runs`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            let last = site.gallery.items[39].path
            site.hold(last)
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await site.requested(last)
            try await eventually("39 pictures are committed") {
                try await fixture.sql("select count(*) from downloads") == ["39"]
            }
            let status = try await fixture.magpie("status", "pictures")
            #expect(status.output.contains("running (magpie crawl, process \(crawl.pid)"))
            #expect(status.output.contains("images  39 done, 0 skipped, 0 failed, 1 waiting"))
            #expect(try await fixture.magpie("history", "pictures").code == 0)

            let second = try await fixture.magpie("resume", "pictures")
            #expect(second.code == 11)
            #expect(second.errors.contains("process \(crawl.pid)"))
            let waiting = try fixture.start("resume", "pictures", "--wait")
            site.release(last)
            #expect(await crawl.result().code == 0)
            #expect(await waiting.result().code == 0)
            #expect(site.ledger.requests.count == 43)
        }
    }

    @Test func `the first signal finishes what is in flight, and nothing more`() async throws {
        try await SampleSite.serve(Gallery(pages: 5)) { site in
            try fixture.writeRecipe(of: site, "workers: { images: 4 }")
            let paths = site.gallery.items.map(\.path)
            for path in paths { site.hold(path) }
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await eventually("four pictures are in flight") {
                paths.count { site.ledger.count($0) > 0 } == 4
            }
            crawl.send(SIGINT)
            try await eventually("the crawl has heard of it") {
                crawl.errors.contains("stopping")
            }
            for path in paths { site.release(path) }
            let result = await crawl.result()
            #expect(result.code == 130)
            #expect(fixture.pictureFiles.count == 4)
            #expect(paths.count { site.ledger.count($0) > 0 } == 4)
            #expect(result.output.contains("stopped"))
            #expect(result.output.contains("magpie resume pictures"))
            #expect(try await fixture.sql("select ending from runs") == ["stopped"])
            #expect(try await fixture.sql("select count(*) from image where state = 1") == ["0"])

            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            expectWhole(site)
            #expect(site.gallery.items.allSatisfy { site.ledger.count($0.path) == 1 })
        }
    }

    @Test func `the second signal ends at once and loses nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let held = site.gallery.items[3].path
            site.hold(held)
            let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
            try await site.requested(held)
            try await eventually("19 pictures are committed") {
                try await fixture.sql("select count(*) from downloads") == ["19"]
            }
            crawl.send(SIGTERM)
            crawl.send(SIGINT)
            let result = await crawl.result()
            #expect(result.code == 130)
            site.release(held)
            try await site.idle()
            #expect(try await fixture.sql("select ending from runs") == ["stopped"])

            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            expectWhole(site)
            #expect(site.ledger.count(held) == 2)
        }
    }

    @Test func `on a pipe progress is plain lines without control characters`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(!result.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        }
    }
}
