import CrawlModel
import Crawling
import Fetching
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
    /// - Throws: `StoreError`, `FetchError`, `FileProblem`, `TooFewFiles`.
    func run(
        prepare: (Store) async throws -> Bool = { _ in true }
    ) async throws -> ExitStatus {
        let access = try HostAccess(compiled, options.connection, options.limits)
        let store = try await open()
        let stop = StopRequest()
        let signals = SignalWatch(stop)
        defer { signals.end() }
        guard try await prepare(store) else {
            try await store.end(.finished)
            return .done
        }
        let ending = try await crawl(store, stop, access)
        let robots = compiled.recipe.politeness.robots
        return try Report(
            folder: folder,
            ending: ending,
            limit: stop.limit,
            robots: robots,
            options: options
        ).show()
    }

    /// Reads the pages that are ready, and saves no picture.
    ///
    /// - Returns: How the run ended.
    /// - Throws: `StoreError`, `FetchError`, `FileProblem`, `TooFewFiles`.
    func readPages() async throws -> RunEnding {
        let access = try HostAccess(compiled, options.connection, options.limits)
        let store = try await open()
        let stop = StopRequest()
        let signals = SignalWatch(stop)
        defer { signals.end() }
        return try await crawl(store, stop, access, savesPictures: false)
    }

    /// Opens the folder for this run, with the recipe's start pages in it.
    private func open() async throws -> Store {
        try OpenFileLimit.raise(for: compiled.recipe)
        let store = try await WritingStore(
            folder: folder,
            command: command,
            recipe: compiled.stored,
            politeness: compiled.recipe.politeness,
            longestWait: compiled.recipe.retries.longestWait,
            waits: options.wait
        ).open()
        try await StartPages(compiled).discover(in: store, command: command)
        return store
    }

    private func crawl(
        _ store: Store,
        _ stop: StopRequest,
        _ access: HostAccess,
        savesPictures: Bool = true
    ) async throws -> RunEnding {
        let vault = try Vault(folder, isDurable: !options.noSync)
        let fetcher = try Fetcher(access.settings)
        defer { fetcher.shutdown() }
        let crawl = Crawl(
            recipe: access.recipe,
            extractor: compiled.extractor,
            store: store,
            vault: vault,
            fetcher: fetcher,
            userAgent: "magpie/\(Magpie.version)",
            stop: stop,
            surroundings: .real,
            limits: options.limits.limits,
            savesPictures: savesPictures
        )
        let display = ProgressDisplay(
            store: store,
            journal: crawl.journal,
            options: options
        )
        return try await display.whileShowing { try await crawl.run() }
    }
}
