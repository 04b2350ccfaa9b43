import CrashPoints
import Foundation
import SampleSite
import TestSupport
import Testing

/// Large pictures whose bytes stop in the middle, because of the site or of the process.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct LargeFileCrashTests {
    private static let picture: SampleSite.Response = .large(bytes: 1_400_000)
    private static let cut = SampleSite.Fault.cut(after: 1_200_000)

    /// Serves one large picture while `body` runs, with its recipe in a folder of its own.
    private func serve(
        _ faults: [SampleSite.Fault],
        of picture: SampleSite.Response = picture,
        _ body: (SampleSite, CommandFixture, String) async throws -> Void
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 1)) { site in
            let path = site.gallery.items[0].path
            site.route(path, to: picture)
            site.fault(.inTurn(faults), at: path)
            let fixture = CommandFixture()
            let more = "limits: { image: 200MB }\nretries: { truncated: { base: 1ms } }"
            try fixture.writeRecipe(of: site, more)
            try await body(site, fixture, path)
        }
    }

    private func expectWhole(
        _ fixture: CommandFixture,
        _ picture: SampleSite.Response = picture,
        comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let names = fixture.pictureFiles
        #expect(names.count == 1, comment, sourceLocation: sourceLocation)
        let isWhole = names.first.map { fixture.bytes(of: $0) } == picture.body
        #expect(isWhole, comment, sourceLocation: sourceLocation)
        let left = try FileManager.default.contentsOfDirectory(atPath: parts(fixture))
        #expect(left == [], comment, sourceLocation: sourceLocation)
        let verified = try await fixture.magpie("verify", "pictures")
        #expect(verified.code == 0, "\(verified)", sourceLocation: sourceLocation)
    }

    private func parts(_ fixture: CommandFixture) -> String {
        fixture.folder.path("pictures/.magpie/parts")
    }

    @Test func `of 100 MB that stop ten times, at most 2 % are sent twice`() async throws {
        let picture = SampleSite.Response.large(bytes: 100_000_000)
        let step = 9_000_000
        // The second and the seventh time it is the process that ends.
        let faults = (1...10).map { turn in
            [2, 7].contains(turn)
                ? SampleSite.Fault.stall(after: step) : SampleSite.Fault.cut(after: step)
        }
        try await serve(faults, of: picture) { site, fixture, path in
            var arguments = ["crawl", "site.yaml", "--into", "pictures"]
            for turn in [2, 7] {
                let run = try fixture.start(arguments)
                try await site.requested(path, times: turn, within: .seconds(300))
                // What is not in the file is in a buffer of 64 KiB, or in one for each kill before.
                let arrived = turn * step - 3 * 65_536
                try await eventually("turn \(turn) has arrived") {
                    let file = "\(parts(fixture))/1.part"
                    let facts = try? FileManager.default.attributesOfItem(atPath: file)
                    return (facts?[.size] as? Int ?? 0) >= arrived
                }
                run.send(SIGKILL)
                _ = await run.result()
                try await site.idle()
                #expect(try await fixture.magpie("verify", "pictures").code == 0)
                arguments = ["resume", "pictures"]
            }
            let last = try await fixture.start(arguments).result()
            #expect(last.code == 0, "\(last)")
            try await expectWhole(fixture, picture)
            #expect(site.ledger.count(path) == 11)
            let sent = site.ledger.bytesSent
            print("100 MB, stopped ten times: \(sent) bytes sent")
            #expect(sent < 102_000_000, "\(sent) bytes")
        }
    }

    /// Every point by its name, and every twelfth by its number: most are pieces that arrive.
    private static let points =
        CrashPoint.allCases.map(\.rawValue).filter(ofCrawl.contains)
        + stride(from: 6, to: 100, by: 12).map { "\($0)" }
    private static let ofCrawl: Set = [
        "claimed", "receiving", "marked", "left", "accepted", "synced", "renamed", "named",
        "endingImages", "imagesEnded", "endingRun",
    ]

    @Test func `a large picture whose crawl dies at any point is whole in the end`() async throws {
        for point in Self.points {
            try await serve([Self.cut]) { site, fixture, _ in
                let crawl = ["crawl", "site.yaml", "--into", "pictures"]
                let environment = ["MAGPIE_CRASH_AT": point]
                let run = try await fixture.start(crawl, environment: environment).result()
                #expect(run.signal == SIGKILL || Int(point) != nil, "\(point)")
                try await site.idle()
                let next = try await fixture.start(crawl).result()
                #expect(next.code == 0, "\(point): \(next.output)\(next.errors)")
                try await expectWhole(fixture, comment: "\(point)")
                if point == "left" { #expect(site.ledger.bytesSent < 1_410_000) }
            }
        }
    }

    @Test(arguments: ["begun", "whole"])
    func `after a start of the machine no part is trusted, whatever ran since`(_ part: String)
        async throws
    {
        let isBegun = part == "begun"
        try await serve(isBegun ? [Self.cut, .status(404)] : [.delay(.zero)]) {
            site,
            fixture,
            path in
            let crawl = ["crawl", "site.yaml", "--into", "pictures"]
            let environment = isBegun ? [:] : ["MAGPIE_CRASH_AT": "accepted"]
            _ = try await fixture.start(crawl, environment: environment).result()
            let kept = try FileManager.default.contentsOfDirectory(atPath: parts(fixture))
            #expect(kept.contains("1.part"))
            let asked = site.ledger.count(path)
            let shell = try RunningProgram(
                "sqlite3",
                [fixture.folder.path("pictures/magpie.db"), "update run set boot = 'before'"]
            )
            #expect(await shell.result().code == 0)

            // It has no use for parts, but says that it ran since.
            let queued = try await fixture.magpie("retry", "pictures", "--queue-only")
            #expect(queued.code == 0, "\(queued)")
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            let requests = site.ledger.requests.filter { $0.target == path }
            #expect(requests.count == asked + 1)
            #expect(requests.last?.headers["Range"] == nil)
            try await expectWhole(fixture)
        }
    }

    @Test func `a part goes with its forgotten picture`() async throws {
        try await serve([Self.cut, .status(404)]) { site, fixture, path in
            _ = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            let kept = try FileManager.default.contentsOfDirectory(atPath: parts(fixture))
            #expect(kept.sorted() == ["1.origin", "1.part"])
            let examined = try await fixture.magpie("doctor", "pictures")
            #expect(examined.output.contains("1 unfinished picture"), "\(examined.output)")
            let forgot = try await fixture.magpie("forget", "pictures", "--state", "failed")
            #expect(forgot.code == 0, "\(forgot)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: parts(fixture)) == [])
        }
    }
}

extension SampleSite.Response {
    /// A picture with much behind its end, which is allowed, no two places of which look the same.
    fileprivate static func large(bytes: Int) -> Self {
        // A prime, so that no place that a test is likely to choose repeats.
        let block = (0..<65_521).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 3) }
        var body = Picture(.jpeg, number: 1).bytes
        body.reserveCapacity(bytes + block.count)
        while body.count < bytes { body += block }
        body.removeLast(body.count - bytes)
        return Self(headers: ["ETag": #""large""#], body: body)
    }
}
