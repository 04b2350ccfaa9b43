import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(30)))
struct RandomKillTests {
    /// How often a crawl is killed; `MAGPIE_KILLS=1000` makes a long run of it.
    private static let kills =
        ProcessInfo.processInfo.environment["MAGPIE_KILLS"].flatMap(Int.init) ?? 25

    @Test
    func `however often a crawl is killed, nothing is missing and nothing is asked for twice`()
        async throws
    {
        var generator = SeededGenerator(for: "random kills")
        let gallery = Gallery(pages: 100)
        let fixture = CommandFixture()
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            var done: [String: Int] = [:]
            for _ in 0..<Self.kills {
                let crawl = try fixture.start("crawl", "site.yaml", "--into", "pictures")
                let more = Int.random(in: 1...140, using: &generator)
                let target = site.ledger.requests.count + more
                // It may get through before.
                async let end = crawl.result()
                try? await site.requested(times: target, within: .milliseconds(1500))
                crawl.send(SIGKILL)
                _ = await end
                try await site.idle()
                done = try await check(fixture, site, since: done)
            }
            // What was running in three killed runs is parked; one command brings it back.
            _ = try await fixture.magpie("resume", "pictures")
            #expect(try await fixture.magpie("retry", "pictures").code == 0)

            done = try await check(fixture, site, since: done)
            #expect(done.count == 2000)
            #expect(try await fixture.sql("select count(*) from downloads") == ["2000"])
            #expect(fixture.pictureFiles.count == 2000)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            let repeated = gallery.items.reduce(0) { $0 + site.ledger.count($1.path) - 1 }
            #expect(repeated <= Self.kills * 30, "at most what was in flight is asked for again")
        }
    }

    /// Everything that must hold holds, and what was done at the last look was not asked for since.
    ///
    /// - Returns: How often each picture that is done now was asked for.
    private func check(
        _ fixture: CommandFixture,
        _ site: SampleSite,
        since before: [String: Int]
    ) async throws -> [String: Int] {
        for (path, count) in before { #expect(site.ledger.count(path) == count, "\(path)") }
        let verified = try await fixture.magpie("verify", "pictures")
        // Killed before the database was made.
        if verified.code == 10 { return [:] }
        #expect(verified.code == 0, "\(verified)")
        let rows = try await fixture.sql("pragma integrity_check; select url from downloads")
        #expect(rows.first == "ok")
        let paths = rows.dropFirst().compactMap { URL(string: $0)?.path }
        return Dictionary(uniqueKeysWithValues: paths.map { ($0, site.ledger.count($0)) })
    }
}
