import Foundation
import GRDB
import SampleSite
import TestSupport
import Testing

/// What a power cut at any moment may leave of a real crawl, replayed from its system calls.
///
/// The crawl is killed and resumed once in between, and killed again, so that the write-ahead log stays.
/// By monotonicity the worst a cut can do is to keep all of the database and of the pictures only what
/// a sync has promised; random losses are tried beside it.
@Suite(
    .timeLimit(.minutes(10)),
    .serialized,
    .enabled(if: Machine.hasStrace, "strace is not installed")
)
struct PowerCutTests {
    private let fixture = FaultFixture()

    private static let gallery = Gallery(pages: 2, itemsPerPage: 12)
    private static let randomLosses = 150

    @Test func `no loss that is legal leaves a row done whose file is not whole`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let disk = try await record(site)
            let cuts = disk.cuts
            var rows = 0
            for cut in cuts {
                for halving in [false, true] {
                    let found = try await judge(site) { disk.worst(after: cut, halving: halving) }
                    found.expectNothingBroken("cut at \(cut), halving: \(halving)")
                    rows = max(rows, found.rows)
                }
            }
            // All but the one that was held until the end.
            #expect(rows == Self.gallery.items.count - 1)
            #expect(cuts.count > 100)

            var generator = SeededGenerator(for: "random losses")
            for _ in 0..<Self.randomLosses {
                let cut = try #require(cuts.randomElement(using: &generator))
                let state = disk.random(after: cut, using: &generator)
                try await judge(site) { state }.expectNothingBroken("random loss at \(cut)")
            }
            site.release(Self.gallery.items[23].path)
            // One of them before the database has its name.
            for number in 0..<4 {
                let cut =
                    number == 0 ? 0 : try #require(cuts.randomElement(using: &generator))
                try await expectResumed(disk.random(after: cut, using: &generator), site, cut)
            }
        }
    }

    @Test func `--no-sync gives up the power cut`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let disk = try await record(site, "--no-sync")
            let last = try #require(disk.cuts.last)
            let found = try await judge(site) { disk.worst(after: last) }
            #expect(found.integrity == ["ok"])
            #expect(found.rows == Self.gallery.items.count - 1)
            #expect(found.broken.count == found.rows)
        }
    }

    @Test(arguments: ["keep", "replace"])
    func `no loss that is legal leaves a picture neither as it was nor as it came`(
        _ rule: String
    ) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let changed = Self.gallery.items[..<6]
            let disk = try await recordRefresh(site, rule, of: changed)
            let new = Dictionary(
                uniqueKeysWithValues: changed.map { (site.address(of: $0), Self.newer($0).bytes) }
            )
            let old = Dictionary(
                uniqueKeysWithValues: Self.gallery.items.map {
                    (site.address(of: $0), site.gallery.picture(of: $0).bytes)
                }
            )
            var changes = 0
            for cut in disk.cuts {
                for halving in [false, true] {
                    let found = try await onThread {
                        try Self.judge(disk.worst(after: cut, halving: halving), old: old, new: new)
                    }
                    found.expectNothingBroken("cut at \(cut), halving: \(halving)")
                    changes = max(changes, found.changes)
                }
            }
            #expect(changes == changed.count)
        }
    }

    // MARK: Recording

    /// What an item has after it has changed: longer than before, so that the two are told apart.
    private static func newer(_ item: Gallery.Item) -> Picture {
        let format = gallery.picture(of: item).format
        return Picture(format, number: UInt64(item.index), minimumBytes: 2000)
    }

    /// Crawls, is killed before the last picture, asks for all again, and is killed before the last one again.
    private func recordRefresh(
        _ site: SampleSite,
        _ rule: String,
        of changed: ArraySlice<Gallery.Item>
    ) async throws -> PowerCutDisk {
        let more = "path: \"set/{name}{extension}\"\non_change: \(rule)"
        try fixture.writeRecipe(of: site, more)
        let items = site.gallery.items
        site.hold(items[23].path)
        var trace = PowerCutTrace()
        for options in [["--quiet"], ["--quiet", "--refresh-images"]] {
            let file = fixture.folder.path("trace-\(options.count)")
            let strace = ["strace"] + PowerCutTrace.arguments(writingTo: file)
            let crawl = try fixture.crawl(under: strace, options)
            if options.count == 1 {
                try await fixture.committed(23)
            } else {
                try await eventually("all but the held one are asked for again") {
                    try await fixture.sql(
                        "select sum(images_changed), sum(images_unchanged) from runs"
                    ) == ["\(changed.count)|\(23 - changed.count)"]
                }
            }
            kill(try await fixture.holder(), SIGKILL)
            _ = await crawl.result()
            try trace.append(contentsOf: file)
            for item in changed { site.route(item.path, to: .picture(Self.newer(item))) }
        }
        return PowerCutDisk(trace, root: realPath(fixture.pictures))
    }

    /// Crawls, is killed with some pictures in flight, resumes and is killed again before the last one.
    private func record(_ site: SampleSite, _ options: String...) async throws -> PowerCutDisk {
        try fixture.writeRecipe(of: site, "path: \"set/{name}{extension}\"\nworkers: { images: 8 }")
        let items = site.gallery.items
        site.route(items[0].path, to: .picture(picture(of: items[0], site)))
        for item in items[20...] { site.hold(item.path) }
        var trace = PowerCutTrace()
        for (run, last) in [("first", 20), ("second", 23)] {
            let file = fixture.folder.path(run)
            let strace = ["strace"] + PowerCutTrace.arguments(writingTo: file)
            let crawl = try fixture.crawl(under: strace, ["--quiet"] + options)
            try await fixture.committed(last)
            kill(try await fixture.holder(), SIGKILL)
            _ = await crawl.result()
            try trace.append(contentsOf: file)
            for item in items[20..<23] { site.release(item.path) }
        }
        return PowerCutDisk(trace, root: realPath(fixture.pictures))
    }

    private func realPath(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    /// What is served for an item: the first one's suffix lies.
    private func picture(of item: Gallery.Item, _ site: SampleSite) -> Picture {
        site.gallery.picture(of: item.index == 0 ? site.gallery.items[1] : item)
    }

    // MARK: Judging

    /// What a database says, compared with the files beside it.
    private struct Judgement: Sendable {
        var integrity = ["ok"]
        /// How many rows say done.
        var rows = 0
        /// How many have had another picture before.
        var changes = 0
        /// The paths of those whose file is not whole under its name.
        var broken: [String] = []

        func expectNothingBroken(_ what: String) {
            #expect(integrity == ["ok"], "\(what)")
            #expect(broken == [], "\(what)")
        }
    }

    /// Judges a state; not on Swift's own threads, which other tests need meanwhile.
    private func judge(
        _ site: SampleSite,
        _ state: @escaping @Sendable () -> [String: [UInt8]]
    ) async throws -> Judgement {
        let wholes = Dictionary(
            uniqueKeysWithValues: site.gallery.items.map {
                (site.address(of: $0), picture(of: $0, site).bytes)
            }
        )
        return try await onThread { try Self.judge(state(), wholes) }
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func judge(
        _ state: [String: [UInt8]],
        _ wholes: [String: [UInt8]]
    ) throws -> Judgement {
        try judge(state) { db in
            var found = Judgement()
            for row in try Row.fetchAll(db, sql: "select path, url from downloads") {
                found.rows += 1
                let whole = wholes[row["url"]]
                if whole == nil || state[row["path"]] != whole { found.broken.append(row["path"]) }
            }
            return found
        }
    }

    /// A picture is what its row says, by its length, or what is said to be coming.
    private static func judge(
        _ state: [String: [UInt8]],
        old: [String: [UInt8]],
        new: [String: [UInt8]]
    ) throws -> Judgement {
        try judge(state) { db in
            var found = Judgement()
            let rows = try Row.fetchAll(
                db,
                sql: """
                    select path, url, downloads.bytes, version.bytes as coming
                    from downloads left join version on version.image_id = downloads.id
                        and version.how = 'coming' and version.owns_path = 0
                    """
            )
            for row in rows {
                let (path, url): (String, String) = (row["path"], row["url"])
                let wholes = [old[url], new[url]].compactMap(\.self)
                guard let file = state[path], wholes.contains(file),
                    [row["bytes"] as Int?, row["coming"] as Int?].contains(file.count)
                else {
                    found.broken.append(path)
                    continue
                }
            }
            for row in try Row.fetchAll(db, sql: "select path, url, how from formers") {
                found.changes += 1
                guard row["how"] == "kept", state[row["path"]] != old[row["url"]] else { continue }
                found.broken.append(row["path"])
            }
            return found
        }
    }

    private static func judge(
        _ state: [String: [UInt8]],
        _ look: (Database) throws -> Judgement
    ) throws -> Judgement {
        guard state["magpie.db"] != nil else { return Judgement() }
        let folder = TemporaryFolder()
        for (path, bytes) in state where path.hasPrefix("magpie.db") {
            try Data(bytes).write(to: URL(fileURLWithPath: folder.path(path)))
        }
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "pragma synchronous = off") }
        let database = try DatabaseQueue(
            path: folder.path("magpie.db"),
            configuration: configuration
        )
        return try database.inDatabase { db in
            let integrity = try String.fetchAll(db, sql: "pragma integrity_check")
            var found = Judgement()
            if try db.viewExists("formers") { found = try look(db) }
            found.integrity = integrity
            return found
        }
    }

    /// Puts a state on a real disk, as after a start of the machine, and lets the crawl go on.
    private func expectResumed(
        _ state: [String: [UInt8]],
        _ site: SampleSite,
        _ cut: Int
    ) async throws {
        let disk = FaultFixture()
        for (path, bytes) in state where !path.hasSuffix("/parts") && path != "set" {
            let file = URL(fileURLWithPath: "\(disk.pictures)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            if path != ".magpie" { try Data(bytes).write(to: file) }
        }
        // Where the cut came before the database had its name, the shell would make an empty one.
        if state["magpie.db"] != nil {
            try await disk.sql("update run set boot = 'before the power cut'", writing: true)
        }
        let text = try String(contentsOfFile: fixture.recipe, encoding: .utf8)
        try text.write(toFile: disk.recipe, atomically: false, encoding: .utf8)
        let crawl = try await disk.crawl().result()
        #expect(crawl.code == 0, "cut at \(cut): \(crawl.errors)")
        let done = try await disk.sql("select path from downloads")
        #expect(done.count == site.gallery.items.count, "cut at \(cut)")
        for item in site.gallery.items {
            let picture = picture(of: item, site)
            let name = "set/\(item.caption)\(picture.format.suffix)"
            let bytes = FileManager.default.contents(atPath: "\(disk.pictures)/\(name)")
            let isWhole = bytes.map { [UInt8]($0) } == picture.bytes
            #expect(isWhole, "cut at \(cut): \(name)")
        }
    }
}
