import Foundation
import SampleSite
import TestSupport
import Testing

/// Kills a crawl while SQLite brings the write-ahead log into the database.
///
/// In write-ahead mode nothing but a checkpoint writes to the database's main file, so its writes are what
/// to die at. strace sends the signal, since SQLite has no crash points.
@Suite(
    .timeLimit(.minutes(5)),
    .serialized,
    .enabled(if: Machine.hasStrace, "strace is not installed")
)
struct CheckpointTests {
    @Test func `a crawl that dies in a checkpoint goes on to the same end`() async throws {
        try await CrashSite.serve { site, original in
            let whole = try await original.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(whole.code == 3)
            let expected = try await CrashSite.state(original)
            var kills = 0
            for number in stride(from: 1, to: 1000, by: 5) {
                let fixture = CommandFixture()
                try CrashSite.writeRecipe(of: site, in: fixture)
                let crawl = try RunningProgram(
                    "strace",
                    [
                        "-f", "-qq", "-o", "/dev/null", "-P", fixture.pictures + "/magpie.db",
                        "-e", "inject=pwrite64:signal=SIGKILL:when=\(number)",
                        BuiltBinary.path(of: "magpie"), "crawl", "site.yaml", "--into", "pictures",
                    ],
                    in: fixture.folder.path
                )
                // strace dies as the program it watches did.
                guard await crawl.result().signal == SIGKILL else { break }
                kills += 1
                try await site.idle()
                let next = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
                #expect(next.code == 3, "\(number): \(next)")
                #expect(try await CrashSite.state(fixture) == expected, "\(number)")
                let verified = try await fixture.magpie("verify", "pictures")
                #expect(verified.code == 0, "\(number): \(verified)")
            }
            #expect(kills > 5)
        }
    }
}
