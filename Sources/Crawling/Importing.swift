package import CrawlModel
import Pools
package import Storage

/// Adds the pictures of a list to a crawl, and takes those as done whose files are there.
package struct Importing: Sendable {
    /// What became of the pictures of a list.
    package struct Counts: Equatable, Sendable {
        /// They are to be fetched.
        package var queued = 0
        /// Their files are there, with the digests of the list.
        package var done = 0
        /// They were known before, and are left alone.
        package var known = 0
        /// Another picture has their path, and the rule is to skip.
        package var pathsTaken = 0
        /// A file is there, with other bytes than the list has; the crawl takes it for the picture if it
        /// is one.
        package var changed = 0

        fileprivate mutating func add(_ others: Counts) {
            queued += others.queued
            done += others.done
            known += others.known
            pathsTaken += others.pathsTaken
            changed += others.changed
        }
    }

    private let store: Store
    private let vault: Vault
    private let files: PublishedFiles
    private let list: String
    private let onConflict: ConflictRule

    /// An import by the run that has the folder's lock.
    ///
    /// - Parameters:
    ///   - store: The run.
    ///   - vault: Its folder's files.
    ///   - list: The list's name.
    ///   - onConflict: What happens to a picture whose path another address owns.
    /// - Throws: `StoreError` if the folder can't be opened.
    package init(
        store: Store,
        vault: Vault,
        list: String,
        onConflict: ConflictRule
    ) throws(StoreError) {
        self.store = store
        self.vault = vault
        self.list = list
        self.onConflict = onConflict
        files = try PublishedFiles(vault.folder)
    }

    /// Adds pictures, some in one transaction, and records in another those that are there.
    ///
    /// Doing it again is harmless, so an import that was interrupted is begun anew.
    ///
    /// - Parameter next: Gives the next pictures of the list; none behind the last.
    /// - Returns: What became of them.
    /// - Throws: `StoreError`, or what `next` throws.
    package func run(_ next: () throws -> [ListedImage]) async throws -> Counts {
        try await ThreadPool.withPool(threads: 2, name: "magpie.import") { threads in
            var counts = Counts()
            while true {
                let images = try next()
                guard !images.isEmpty else { return counts }
                counts.add(try await add(images, threads))
            }
        }
    }

    private func add(_ images: [ListedImage], _ threads: ThreadPool) async throws -> Counts {
        var counts = Counts()
        let owners = try await store.add(images, ofList: list, onConflict: onConflict)
        let wanted = zip(images, owners).compactMap { image, listed in
            image.digest.map { (digest: $0, owner: listed.owner) }
        }.filter { $0.owner.state == .ready || $0.owner.state == .failed }
        let contents = try await threads.map(wanted, chunkSize: 8) { [files] in
            try files.content(at: $0.owner.path)
        }
        var adopted: [AdoptedFile] = []
        for (want, content) in zip(wanted, contents) {
            guard let content else { continue }
            if content.digest == want.digest {
                adopted.append(AdoptedFile(owner: want.owner, content: content))
            } else {
                counts.changed += 1
            }
        }
        let paths = adopted.map(\.owner.path)
        if !paths.isEmpty {
            // A row that says done must survive a power cut with its file.
            _ = try await threads.apply { [vault] in try vault.publish([], found: paths) }
            counts.done = try await store.adopt(adopted)
        }
        let added = owners.filter(\.isNew)
        counts.pathsTaken = added.count { $0.owner.state == .skipped }
        counts.known = owners.count - added.count
        let done = Set(adopted.map(\.owner.id))
        counts.queued = added.count { $0.owner.state == .ready && !done.contains($0.owner.id) }
        return counts
    }
}
