import CrawlModel
import Crawling
import Extraction
import Fetching
import Foundation
import GRDB
import SampleSite
import Storage
import Synchronization
import TestSupport

/// A crawl folder, and crawls into it, put together as the command does it.
///
/// ```swift
/// try await SampleSite.serve(Gallery(pages: 2)) { site in
///     let crawl = CrawlFixture()
///     try await crawl.run(CrawlFixture.recipe(for: site))
///     #expect(try crawl.ask("select count(*) from downloads") == [40])
/// }
/// ```
///
/// Waits take no time: whoever sleeps moves the clock on instead.
struct CrawlFixture: Sendable {
    let temporary = TemporaryFolder()
    let clock = ManualClock()
    private let sleep: @Sendable (Duration) async throws -> Void

    /// A new, empty folder.
    ///
    /// - Parameter sleep: What else to do where a crawl sleeps.
    init(sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in }) {
        self.sleep = sleep
    }

    var folder: CrawlFolder { CrawlFolder(temporary.path("crawl")) }

    /// Crawls until nothing is left, as a new process would.
    ///
    /// - Parameters:
    ///   - recipe: The recipe's YAML.
    ///   - stop: The user's wish to end.
    ///   - fetcher: The network; one of its own unless given.
    ///   - limits: How much it does at most.
    ///   - prepare: What to do with the open store before the crawl begins.
    /// - Returns: How the run ended.
    /// - Throws: What keeps the crawl from working, or broke it.
    @discardableResult
    func run(
        _ recipe: String,
        stop: StopRequest = StopRequest(),
        fetcher: Fetcher? = nil,
        limits: RunLimits = RunLimits(),
        prepare: (Store) async throws -> Void = { _ in }
    ) async throws -> RunEnding {
        let compiled = try RecipeReader.read(recipe, file: "test.yaml")
        let store = try await begin(recipe, politeness: compiled.politeness)
        for template in compiled.pages { _ = try await store.discover(startPages: template) }
        for template in compiled.sitemaps {
            _ = try await store.discover(startPages: template, level: PagePlace.sitemap)
        }
        try await prepare(store)
        let ownFetcher = fetcher == nil ? try Fetcher() : nil
        defer { ownFetcher?.shutdown() }
        guard let fetcher = fetcher ?? ownFetcher else { preconditionFailure("one of the two") }
        let crawl = Crawl(
            recipe: compiled,
            extractor: try Extractor(recipe: compiled),
            store: store,
            vault: try Vault(folder, isDurable: false),
            fetcher: fetcher,
            userAgent: "magpie/test",
            stop: stop,
            surroundings: surroundings,
            limits: limits
        )
        return try await crawl.run()
    }

    /// Begins a run that crawls nothing; `body` is given its store.
    func withStore(_ recipe: String, _ body: (Store) async throws -> Void) async throws {
        let store = try await begin(recipe)
        try await body(store)
        try await store.end(.finished)
    }

    private func begin(_ recipe: String, politeness: Politeness = Politeness()) async throws
        -> Store
    {
        try folder.create()
        return try Store(
            folder,
            lock: await takeLock(),
            run: RunDescription(
                command: "crawl",
                version: "0",
                recipe: StoredRecipe(file: "test.yaml", content: recipe)
            ),
            politeness: politeness,
            now: surroundings.now
        )
    }

    /// The store of the run before is let go of when its last transaction is forgotten, which may be a
    /// moment after the run's end.
    private func takeLock() async throws -> FolderLock {
        while true {
            do throws(StoreError) {
                return try FolderLock(folder, holder: "test")
            } catch {
                guard case .locked = error else { throw error }
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    private var surroundings: Surroundings {
        let generator = Mutex(SeededGenerator(seed: 1))
        return Surroundings(
            now: { [clock] in clock.now },
            sleep: { [clock, sleep] duration in
                try Task.checkCancellation()
                try await sleep(duration)
                // The committer's patience makes larger batches, and so the test faster.
                if duration <= .milliseconds(10) { try await Task.sleep(for: duration) }
                clock.advance(by: duration)
            },
            random: { generator.withLock { $0.next() } }
        )
    }
}

// What came of it.
extension CrawlFixture {
    /// Asks the database as the sqlite3 shell would.
    func ask<Value: DatabaseValueConvertible>(_ sql: String, as: Value.Type = Value.self) throws
        -> [Value]
    {
        try read { try Value.fetchAll($0, sql: sql) }
    }

    /// The rows of a query, each value as text, `-` for null.
    func rows(_ sql: String) throws -> [[String]] {
        try read { db in
            try Row.fetchAll(db, sql: sql).map { row in
                row.databaseValues.map { String.fromDatabaseValue($0) ?? Self.text(of: $0) }
            }
        }
    }

    private static func text(of value: DatabaseValue) -> String {
        Int.fromDatabaseValue(value).map { "\($0)" } ?? "-"
    }

    private func read<Value>(_ select: (Database) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        // The run before may be closing the database still.
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: folder.database, configuration: configuration).read(select)
    }

    /// What has a final name: everything in the folder that is not magpie's own, relative to it, sorted.
    func pictures() -> [String] {
        files(in: "crawl").filter { !$0.hasPrefix("magpie.db") && !$0.hasPrefix(".magpie/") }
    }

    /// Unfinished files.
    func parts() -> [String] { files(in: "crawl/.magpie/parts") }

    /// The bytes of a file in the crawl folder.
    func bytes(of picture: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder.path + "/" + picture).map(Array.init)
    }

    private func files(in name: String) -> [String] {
        let begin = name + "/"
        return temporary.files().filter { $0.hasPrefix(begin) }.map {
            String($0.dropFirst(begin.count))
        }
    }
}

// Recipes for sample sites.
extension CrawlFixture {
    /// A recipe for the gallery of a sample site, with much patience unless another timeout is given: no
    /// transfer fails because the machine is busy.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - pages: Targets of the listing pages; those of the gallery unless given.
    ///   - more: Lines to add, such as `on_conflict: rename`.
    /// - Returns: The YAML.
    static func recipe(for site: SampleSite, pages: [String]? = nil, _ more: String = "") -> String
    {
        let gallery = site.gallery
        let targets = pages ?? (1...max(gallery.pages, 1)).map(gallery.path(ofPage:))
        return """
            name: sample
            pages:
            \(targets.map { "  - \"\(site.address(of: $0))\"" }.joined(separator: "\n"))
            item:
              each: "a.col-xs-6.col-sm-3"
              image: "img::attr(data-original)"
              name: "p[style='display: none']::text"
            \(more.contains("timeout:") ? "" : "timeout: 300s")
            \(more)

            """
    }

    /// A listing page in the gallery's markup; what is given stands in it as it is, unescaped.
    static func page(_ items: [(address: String, caption: String)]) -> String {
        let texts = items.map { item in
            """
            <a class="col-xs-6 col-sm-3"><img data-original="\(item.address)">\
            <p style="display: none">\(item.caption)</p></a>
            """
        }
        return "<!DOCTYPE html><meta charset=utf-8><body>\(texts.joined(separator: "\n"))"
    }
}
