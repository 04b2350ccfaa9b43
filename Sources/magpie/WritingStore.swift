import CrawlModel
import Crawling
import Foundation
import Storage

/// Opens a crawl folder for writing, as the one process that may.
struct WritingStore {
    let folder: CrawlFolder
    /// The command in the run's row and in what other processes are told.
    let command: String
    /// The recipe to store; `nil` to go on with the one that is stored.
    let recipe: StoredRecipe?
    /// How considerate the run is of the hosts it asks.
    var politeness = Politeness()
    /// How long a failed task waits at most.
    var longestWait = RetryPolicy.standard.longestWait
    /// Whether the run mends the folder, and so relies on nothing in it.
    var mends = false
    /// Whether to wait while another process has the folder.
    let waits: Bool

    /// Takes the lock, opens the database and begins a run.
    ///
    /// - Throws: `StoreError`.
    func open() async throws -> Store {
        try folder.create()
        if let warning = try FileSystem(of: folder).warning { Console.complain(warning) }
        return try Store(
            folder,
            lock: try await takeLock(),
            run: RunDescription(
                command: command,
                version: Magpie.version,
                recipe: recipe,
                recounts: mends,
                longestWait: longestWait
            ),
            politeness: politeness,
            now: Surroundings.real.now
        )
    }

    private func takeLock() async throws -> FolderLock {
        let time = Date().formatted(.iso8601)
        let process = ProcessInfo.processInfo.processIdentifier
        let holder = "magpie \(command), process \(process), since \(time)"
        while true {
            do throws(StoreError) {
                return try FolderLock(folder, holder: holder)
            } catch {
                guard waits, case .locked = error else { throw error }
                try await Surroundings.real.sleep(.milliseconds(200))
            }
        }
    }
}

extension Surroundings {
    /// The real world's time and chance.
    static let real = Surroundings(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
        },
        sleep: { try await Task.sleep(for: $0) },
        random: { .random(in: .min ... .max) }
    )
}
