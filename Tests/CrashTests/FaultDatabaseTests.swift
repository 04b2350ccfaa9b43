import Foundation
import GRDB
import SampleSite
import TestSupport
import Testing

/// Databases that somebody locks, damages or empties.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct FaultDatabaseTests {
    private let fixture = FaultFixture()

    @Test func `a shell that locks the database is waited for`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let last = site.gallery.items[19]
            site.hold(last.path)
            let crawl = try fixture.crawl()
            try await fixture.committed(19)

            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let shell = try DatabaseQueue(path: fixture.database, configuration: configuration)
            try await shell.write { _ in }
            try shell.inDatabase { try $0.execute(sql: "begin immediate") }
            site.release(last.path)
            // The file has its name, so the commit is what is next; it can't come.
            let name = "\(last.caption)\(site.gallery.picture(of: last).format.suffix)"
            try await eventually("the last picture has its name") {
                FileManager.default.fileExists(atPath: "\(fixture.pictures)/\(name)")
            }
            #expect(try await fixture.sql("select count(*) from downloads") == ["19"])
            try shell.inDatabase { try $0.execute(sql: "rollback") }

            #expect(await crawl.result().code == 0)
            try await fixture.expectWhole(site)
        }
    }

    /// A way to damage a database, and what it is called.
    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: @Sendable (inout [UInt8]) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout [UInt8]) -> Void) {
            testDescription = name
            self.change = change
        }

        static let all = [
            Damage("the first bytes are flipped") { bytes in
                for index in 0..<16 { bytes[index] ^= 0xFF }
            },
            Damage("the root of the schema is flipped") { bytes in
                for index in 100..<140 { bytes[index] ^= 0xFF }
            },
            Damage("every page but the first is noise") { bytes in
                var noise = SeededGenerator(seed: 7)
                for index in 4096..<bytes.count {
                    bytes[index] = UInt8.random(in: 0...255, using: &noise)
                }
            },
            Damage("the second half is cut off") { $0.removeLast($0.count / 2) },
            Damage("all but a hundred bytes are cut off") { $0 = Array($0.prefix(100)) },
            Damage("all bytes are cut off") { $0 = [] },
            Damage("it is a text") { $0 = Array("Dear diary, today I saved some pictures.".utf8) },
        ]
    }

    @Test(arguments: Damage.all)
    func `a damaged database is refused with the cure and left as it is`(
        damage: Damage
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.crawl().result().code == 0)
            let asked = site.ledger.requests.count
            // A log beside it would mend what is damaged.
            let log = FileManager.default.contents(atPath: fixture.database + "-wal")
            #expect(log == nil || log?.isEmpty == true)
            let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture.database)))
            var damaged = whole
            damage.change(&damaged)
            try Data(damaged).write(to: URL(fileURLWithPath: fixture.database))

            for arguments in [
                ["crawl", fixture.recipe, "--into", fixture.pictures],
                ["resume", fixture.pictures], ["retry", fixture.pictures],
                ["status", fixture.pictures], ["history", fixture.pictures],
            ] {
                let result = try await fixture.start(arguments).result()
                #expect(result.code == 1, "\(arguments): \(result.errors)")
                #expect(result.errors.contains("is damaged"), "\(arguments)")
                #expect(result.errors.contains("Restore it from a backup"), "\(arguments)")
            }
            let now = try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture.database)))
            let isUnchanged = now == damaged
            #expect(isUnchanged)
            #expect(site.ledger.requests.count == asked)

            // With the backup everything is as before.
            try Data(whole).write(to: URL(fileURLWithPath: fixture.database))
            try await fixture.expectWholeAfterResume(site)
            #expect(site.ledger.requests.count == asked)
        }
    }

    @Test func `a folder whose database was removed is crawled anew, its pictures are kept`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            site.hold(site.gallery.items[39].path)
            let crawl = try fixture.crawl()
            try await fixture.committed(39)
            kill(crawl.pid, SIGKILL)
            _ = await crawl.result()
            site.release(site.gallery.items[39].path)
            // The log stays, and must not become part of the new one.
            unlink(fixture.database)
            #expect(try await fixture.magpie("resume", fixture.pictures).code == 10)
            #expect(try await fixture.crawl().result().code == 0)
            try await fixture.expectWhole(site)
            #expect(try await fixture.sql("select count(*) from runs") == ["1"])
            #expect(site.gallery.items.prefix(39).allSatisfy { site.ledger.count($0.path) == 1 })
        }
    }
}
