import CrashPoints
import Foundation
import SampleSite
import Synchronization
import TestSupport
import Testing

/// Dies at the first crash point, then at the second, and so on until a run gets through.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct CrashPointTests {
    /// Runs a command that dies at its n-th crash point.
    ///
    /// - Returns: Whether it died; if not, it got through.
    private func dies(
        _ fixture: CommandFixture,
        _ arguments: [String],
        at number: Int
    ) async throws -> Bool {
        let run = try fixture.start(arguments, environment: ["MAGPIE_CRASH_AT": "\(number)"])
        let result = await run.result()
        guard result.signal == SIGKILL else { return false }
        #expect(result.errors.hasPrefix("crash point \(number): "))
        return true
    }

    /// Calls `attempt` with 1, 2, 3 … two at a time, until it says that a run got through.
    private func forEveryPoint(
        _ attempt: @escaping @Sendable (Int) async throws -> Bool
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            var next = 1
            var through: Int?
            for _ in 0..<2 {
                let number = next
                group.addTask { (number, try await attempt(number)) }
                next += 1
            }
            while let (number, died) = try await group.next() {
                if !died { through = min(through ?? number, number) }
                guard through == nil else { continue }
                let number = next
                group.addTask { (number, try await attempt(number)) }
                next += 1
            }
            return through ?? 0
        }
    }

    func expect(
        _ code: Int32,
        _ fixture: CommandFixture,
        _ arguments: [String],
        at number: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await fixture.start(arguments).result()
        #expect(
            result.code == code,
            "\(number): \(arguments) \(result)",
            sourceLocation: sourceLocation
        )
    }

    private func undisturbed() async throws -> [String] {
        var state: [String] = []
        try await CrashSite.serve { _, fixture in
            let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(result.code == 3)
            state = try await CrashSite.state(fixture)
        }
        return state
    }

    @Test func `a crawl that dies at any point goes on to the same end`() async throws {
        let expected = try await undisturbed()
        let through = try await forEveryPoint { number in
            var died = false
            try await CrashSite.serve { site, fixture in
                let crawl = ["crawl", "site.yaml", "--into", "pictures"]
                died = try await dies(fixture, crawl, at: number)
                guard died else { return }
                try await site.idle()
                let check = try await fixture.magpie("verify", "pictures")
                let asked = site.ledger
                var done: [String] = []
                if check.code == 0 {
                    done = try await fixture.sql("select url from downloads")
                } else {
                    // It died before the database was made.
                    #expect(check.code == 10, "\(number): \(check.output)\(check.errors)")
                }
                let next =
                    try await fixture.sql("select count(*) from recipe") == ["1"]
                    ? ["resume", "pictures"] : crawl
                let result = try await fixture.start(next).result()
                #expect(result.code == 3, "\(number): \(result.output)\(result.errors)")
                #expect(try await CrashSite.state(fixture) == expected, "\(number)")
                for url in done {
                    let path = try #require(URL(string: url)).path
                    #expect(site.ledger.count(path) == asked.count(path), "\(number): \(path)")
                }
                try await expect(0, fixture, ["verify", "pictures"], at: number)
            }
            return died
        }
        #expect(through > 40)
    }

    /// Two of its pictures have the same bytes.
    @Test(arguments: ["hardlink", "skip"])
    func `a crawl that keeps equal pictures once has all of them, wherever it died`(
        _ rule: String
    ) async throws {
        let through = try await forEveryPoint { number in
            var died = false
            try await CrashSite.serve(recipe: "duplicates: \(rule)") { site, fixture in
                let crawl = ["crawl", "site.yaml", "--into", "pictures"]
                died = try await dies(fixture, crawl, at: number)
                if died {
                    try await site.idle()
                    let check = try await fixture.magpie("verify", "pictures")
                    #expect([0, 10].contains(check.code), "\(number): \(check.output)")
                    try await expect(3, fixture, crawl, at: number)
                }
                try await expect(0, fixture, ["verify", "pictures"], at: number)
                let counts = try await fixture.sql(
                    """
                    select count(distinct sha256), count(*) from downloads;
                    select count(*) from skips where reason = 'path_taken';
                    select how, count(*) from duplicates group by 1;
                    """
                )
                // Where the twin is the one that is skipped, its path goes to the other twin.
                let whole =
                    rule == "skip"
                    ? [["10|10", "1", "skipped|1"], ["11|11", "0", "skipped|1"]]
                    : [["10|11", "1", "linked|1"]]
                // A file that had its name when the crawl died stays, though the other one came first.
                let expected = whole + (died ? [["10|11", "1", "kept|1"]] : [])
                #expect(expected.contains(counts), "\(number): \(counts)")
                let parts = try FileManager.default.contentsOfDirectory(
                    atPath: fixture.folder.path("pictures/.magpie/parts")
                )
                #expect(parts.isEmpty, "\(number)")
            }
            return died
        }
        #expect(through > 40)
    }

    @Test(.enabled(if: Machine.hasStrace, "strace is not installed"))
    func `a file system without hard links keeps equal pictures whole`() async throws {
        try await CrashSite.serve(recipe: "duplicates: hardlink") { _, fixture in
            let crawl = try RunningProgram(
                "strace",
                [
                    "-f", "-o", "/dev/null", "-e", "trace=linkat", "-e",
                    "inject=linkat:error=EPERM", BuiltBinary.path(of: "magpie"), "crawl",
                    "site.yaml", "--into", "pictures",
                ],
                in: fixture.folder.path
            )
            #expect(await crawl.result().code == 3)
            #expect(
                try await fixture.sql("select how, reason from duplicates")
                    == ["kept|Operation not permitted"]
            )
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    /// Makes a folder once, then dies at every point of a command on a copy of it.
    func onCopies(
        of prepare: @escaping @Sendable (SampleSite, CommandFixture) async throws -> Void,
        command: [String],
        recipe: String = "",
        then finish: @escaping @Sendable (Int, SampleSite, CommandFixture) async throws -> Void
    ) async throws -> Int {
        let through = Mutex(0)
        try await CrashSite.serve(recipe: recipe) { site, original in
            try await prepare(site, original)
            let count = try await forEveryPoint { number in
                let copy = CommandFixture()
                for name in ["pictures", "site.yaml"] {
                    try FileManager.default.copyItem(
                        atPath: original.folder.path(name),
                        toPath: copy.folder.path(name)
                    )
                }
                guard try await dies(copy, command, at: number) else { return false }
                try await finish(number, site, copy)
                return true
            }
            through.withLock { $0 = count }
        }
        return through.withLock { $0 }
    }

    @Test func `a recovery that dies at any point is taken up by the next`() async throws {
        let expected = try await undisturbed()
        let through = try await onCopies(
            of: { _, fixture in
                let crawl = ["crawl", "site.yaml", "--into", "pictures"]
                let died = try await dies(fixture, crawl, at: 16)
                #expect(died)
            },
            command: ["resume", "pictures"]
        ) { number, _, copy in
            try await expect(0, copy, ["verify", "pictures"], at: number)
            try await expect(3, copy, ["resume", "pictures"], at: number)
            #expect(try await CrashSite.state(copy) == expected, "\(number)")
        }
        #expect(through > 10)
    }

    @Test func `a retry that dies at any point is taken up by a resume`() async throws {
        let through = try await onCopies(
            of: { site, fixture in
                let crawl = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
                #expect(crawl.code == 3)
                site.fault(nil, at: CrashSite.missing)
            },
            command: ["retry", "pictures"]
        ) { number, _, copy in
            try await expect(0, copy, ["verify", "pictures"], at: number)
            try await expect(0, copy, ["retry", "pictures"], at: number)
            let counts = try await copy.sql("select state, count(*) from image group by 1")
            #expect(counts == ["2|12", "4|1"], "\(number)")
        }
        #expect(through > 5)
    }

    @Test func `a repair that dies at any point is taken up by the next`() async throws {
        let expected = try await undisturbed()
        let through = try await onCopies(
            of: { _, fixture in
                let crawl = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
                #expect(crawl.code == 3)
                let names = fixture.pictureFiles
                try FileManager.default.removeItem(atPath: fixture.pictures + "/" + names[0])
                try fixture.write("changed", to: "pictures/" + names[1])
            },
            command: ["verify", "pictures", "--repair"]
        ) { number, _, copy in
            let found = try await copy.magpie("verify", "pictures")
            #expect([0, 20].contains(found.code), "\(number)")
            try await expect(0, copy, ["verify", "pictures", "--repair"], at: number)
            try await expect(3, copy, ["resume", "pictures"], at: number)
            #expect(try await CrashSite.state(copy) == expected, "\(number)")
        }
        #expect(through > 2)
    }

    @Test func `every crash point is passed by a command`() async throws {
        try await CrashSite.serve { site, original in
            try await expect(3, original, ["crawl", "site.yaml", "--into", "pictures"], at: 0)
            for point in CrashPoint.allCases where !point.isOfLargePicture {
                let fixture = CommandFixture()
                for name in ["site.yaml", "pictures"] {
                    let path = original.folder.path(name)
                    if name == "pictures", point.isOfCrawl { continue }
                    try FileManager.default.copyItem(
                        atPath: path,
                        toPath: fixture.folder.path(name)
                    )
                }
                if [.repairing, .setAside].contains(point) {
                    try fixture.write("changed", to: "pictures/" + fixture.pictureFiles[0])
                }
                try fixture.write("http://127.0.0.1:1/1.jpg", to: "list.txt")
                if [.announced, .exchanged].contains(point) {
                    let path = CrashSite.gallery.items[0].path
                    site.route(path, to: .picture(Picture(.jpeg, number: 50)))
                }
                if point == .rereading {
                    let recipe = try String(
                        contentsOfFile: original.folder.path("site.yaml"),
                        encoding: .utf8
                    )
                    try fixture.write(recipe + "\nkeep_pages: true\n", to: "site.yaml")
                    let crawl = ["crawl", "site.yaml", "--into", "pictures"]
                    try await expect(3, fixture, crawl, at: 0)
                }
                if [.linked, .exchanged].contains(point) {
                    let recipe = try String(
                        contentsOfFile: original.folder.path("site.yaml"),
                        encoding: .utf8
                    )
                    let rule = point == .linked ? "duplicates: hardlink" : "on_change: replace"
                    try fixture.write(recipe + "\n\(rule)\n", to: "site.yaml")
                }
                let run = try fixture.start(
                    point.command,
                    environment: ["MAGPIE_CRASH_AT": point.rawValue]
                )
                let result = await run.result()
                #expect(result.signal == SIGKILL, "\(point): \(result)")
            }
        }
    }
}

extension CrashPoint {
    /// Whether it needs a large picture; `LargeFileCrashTests` passes it.
    fileprivate var isOfLargePicture: Bool { [.marked, .left].contains(self) }

    /// Whether a crawl of a new folder passes it.
    fileprivate var isOfCrawl: Bool {
        ![
            .retrying, .repairing, .setAside, .refreshing, .announced, .exchanged, .importing,
        ].contains(self)
    }

    fileprivate var command: [String] {
        switch self {
        case .retrying: ["retry", "pictures"]
        case .refreshing: ["crawl", "site.yaml", "--into", "pictures", "--refresh"]
        case .announced, .exchanged:
            ["crawl", "site.yaml", "--into", "pictures", "--refresh-images"]
        case .importing: ["import", "list.txt", "--into", "pictures"]
        case .rereading: ["reextract", "pictures"]
        case .repairing, .setAside: ["verify", "pictures", "--repair"]
        default: ["crawl", "site.yaml", "--into", "pictures"]
        }
    }
}
