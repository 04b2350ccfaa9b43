import CrawlModel
import Crawling
import Fetching
import Foundation
import Storage

/// One run on a crawl folder: builds the objects, connects them, runs them, reports.
struct CrawlSession {
    let folder: CrawlFolder
    let compiled: CompiledRecipe
    let options: CrawlOptions
    /// The command in the run's row.
    let command: String

    /// Runs the crawl to its end.
    ///
    /// - Parameter prepare: What is to be done with the open store first; `false` ends the run there.
    /// - Returns: How the process is to end.
    /// - Throws: `StoreError`, `FetchError`.
    func run(
        prepare: (Store) async throws -> Bool = { _ in true }
    ) async throws -> ExitStatus {
        try folder.create()
        let lock = try await takeLock()
        let store = try Store(
            folder,
            lock: lock,
            run: RunDescription(
                command: command,
                version: Magpie.version,
                recipe: compiled.stored
            ),
            now: Self.surroundings.now
        )
        let stop = StopRequest()
        let signals = SignalWatch(stop)
        defer { signals.end() }
        for template in compiled.recipe.pages {
            _ = try await store.discover(startPages: template)
        }
        guard try await prepare(store) else {
            try await store.end(.finished)
            return .done
        }
        let ending = try await crawl(store, stop)
        return try Report(folder: folder, ending: ending, json: options.json).show()
    }

    private func crawl(_ store: Store, _ stop: StopRequest) async throws -> RunEnding {
        let vault = try Vault(
            folder,
            isDurable: !options.noSync,
            partsAreIntact: store.beginning.partsAreIntact
        )
        let fetcher = try Fetcher()
        defer { fetcher.shutdown() }
        let crawl = Crawl(
            recipe: compiled.recipe,
            extractor: compiled.extractor,
            store: store,
            vault: vault,
            fetcher: fetcher,
            userAgent: "magpie/\(Magpie.version)",
            stop: stop,
            surroundings: Self.surroundings
        )
        let display = ProgressDisplay(store: store, journal: crawl.journal, options: options)
        return try await display.whileShowing { try await crawl.run() }
    }

    private func takeLock() async throws -> FolderLock {
        let time = ISO8601DateFormatter().string(from: Date())
        let holder =
            "magpie \(command), process \(ProcessInfo.processInfo.processIdentifier), since \(time)"
        while true {
            do throws(StoreError) {
                return try FolderLock(folder, holder: holder)
            } catch {
                guard options.wait, case .locked = error else { throw error }
                try await Self.surroundings.sleep(.milliseconds(200))
            }
        }
    }

    /// The real world's time and chance.
    static let surroundings = Surroundings(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
        },
        sleep: { try await Task.sleep(for: $0) },
        random: { .random(in: .min ... .max) }
    )
}
