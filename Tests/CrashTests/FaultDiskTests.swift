#if os(Linux)
import Foundation
import SampleSite
import TestSupport
import Testing

/// Disks that are full or can't be written, below a real crawl.
@Suite(
    .timeLimit(.minutes(10)),
    .serialized,
    .enabled(if: SmallDisk.isPossible, "only root can mount a small file system")
)
struct FaultDiskTests {
    private let fixture = FaultFixture()

    private func expectNoRoom(
        _ result: RunningProgram.Result,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.code == 1, sourceLocation: sourceLocation)
        #expect(result.errors.contains("no room is left"), sourceLocation: sourceLocation)
        #expect(result.errors.contains("magpie resume"), sourceLocation: sourceLocation)
    }

    @Test func `a disk that fills up in the middle of a picture ends the run, and loses nothing`()
        async throws
    {
        let disk = try SmallDisk(at: fixture.pictures, kilobytes: 2000)
        let gallery = Gallery(pages: 1, itemsPerPage: 10, pictureBytes: 300_000)
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            expectNoRoom(try await fixture.crawl().result())
            // A broken disk is no try of a picture: the fourth run still has all of them.
            for _ in 0..<3 { expectNoRoom(try await fixture.magpie("resume", fixture.pictures)) }
            #expect(try await fixture.sql("select count(*) from attempt") == ["0"])
            #expect(try await fixture.sql("select count(*) from image where state = 3") == ["0"])

            try disk.resize(kilobytes: 20_000)
            try await fixture.expectWholeAfterResume(site)
        }
    }

    @Test func `a disk that fills up in the middle of a commit ends the run, and loses nothing`()
        async throws
    {
        let disk = try SmallDisk(at: fixture.pictures, kilobytes: 4000)
        try await SampleSite.serve(Gallery(pages: 2, itemsPerPage: 100)) { site in
            try fixture.writeRecipe(of: site)
            let page = site.gallery.path(ofPage: 2)
            // One that never comes does not keep the run from ending.
            let held = site.gallery.items[0].path
            site.hold(held)
            site.hold(page)
            let crawl = try fixture.crawl()
            try await fixture.committed(99)
            disk.fill()
            site.release(page)
            expectNoRoom(await crawl.result())
            site.release(held)
            expectNoRoom(try await fixture.magpie("resume", fixture.pictures))
            #expect(try await fixture.sql("select count(*) from downloads") == ["99"])

            unlink("\(fixture.pictures)/filler")
            try await fixture.expectWholeAfterResume(site)
            #expect(site.gallery.items.dropFirst().allSatisfy { site.ledger.count($0.path) == 1 })
        }
    }

    @Test func `a folder that can't be written is refused with the cure`() async throws {
        let disk = try SmallDisk(at: fixture.pictures, kilobytes: 4000)
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            site.fault(.status(404), at: site.gallery.items[3].path)
            #expect(try await fixture.crawl().result().code == 3)
            let asked = site.ledger.requests.count

            try disk.set(readOnly: true)
            for arguments in [
                ["resume", fixture.pictures], ["retry", fixture.pictures],
                ["crawl", fixture.recipe, "--into", fixture.pictures],
                ["crawl", fixture.recipe, "--into", "\(fixture.pictures)/new"],
            ] {
                let result = try await fixture.start(arguments).result()
                #expect(result.code == 1, "\(arguments)")
                #expect(result.errors.contains("can't be written: check its permissions"))
            }
            #expect(site.ledger.requests.count == asked)
            // What only reads goes on.
            let status = try await fixture.magpie("status", fixture.pictures)
            #expect(status.output.contains("images  19 done, 0 skipped, 1 failed"))
            #expect(try await fixture.magpie("history", fixture.pictures).code == 0)
            #expect(try await fixture.magpie("doctor", fixture.pictures).code == 0)

            try disk.set(readOnly: false)
            site.fault(nil, at: site.gallery.items[3].path)
            #expect(try await fixture.magpie("retry", fixture.pictures).code == 0)
            try await fixture.expectWhole(site)
        }
    }
}
#endif
