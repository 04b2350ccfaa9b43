import CrawlModel
import Pools
package import Storage

/// Checks everything that must hold in a crawl folder, in the database and on the disk.
package struct Verification: Sendable {
    /// What a step of it found.
    package struct Step: Sendable {
        /// What is wrong.
        package let violations: [Violation]
        /// How many files were compared with their digests so far.
        package let filesChecked: Int
        /// How many pictures were decoded so far.
        package let decoded: Int
        /// How many are in formats that the decoder does not read.
        package let notRead: Int
    }

    /// How much is checked.
    package enum Extent: Sendable {
        /// The database, and every file byte for byte.
        case everything
        /// Only whether the files are there.
        case missingFiles
    }

    private let folder: CrawlFolder
    private let threads: Int
    private let extent: Extent
    private let decoders: DecoderPool?

    /// Files that are compared between two looks at the database.
    private static let filesInOneStep = 256

    /// A verification of a folder.
    ///
    /// - Parameters:
    ///   - folder: A crawl folder; a crawl may be running in it.
    ///   - threads: How many files are read at once.
    ///   - extent: How much is checked.
    ///   - decoders: Who opens each picture that is as it was saved; `nil` for nobody.
    package init(
        _ folder: CrawlFolder,
        threads: Int,
        extent: Extent = .everything,
        decoders: DecoderPool? = nil
    ) {
        self.extent = extent
        self.decoders = decoders
        self.folder = folder
        self.threads = threads
    }

    /// Checks the database, then every file of a done picture; memory does not grow with the crawl.
    ///
    /// - Parameter report: Called for each step, in order, before the next begins.
    /// - Throws: `StoreError` if something can't be read, or what `report` throws.
    package func run(_ report: (Step) async throws -> Void) async throws {
        try await ThreadPool.withPool(threads: threads, name: "magpie.verify") { pool in
            try await run(on: pool, report)
        }
    }

    private func run(
        on pool: ThreadPool,
        _ report: (Step) async throws -> Void
    ) async throws {
        let (reader, files) = try await pool.apply { [folder] in
            (try CrawlReader(folder), try PublishedFiles(folder))
        }
        if extent == .everything {
            let violations = try await pool.apply { try reader.violations() }
            try await report(
                Step(violations: violations, filesChecked: 0, decoded: 0, notRead: 0)
            )
            if violations.contains(where: { $0.kind == .damagedDatabase }) { return }
        }
        var last: Int64 = 0
        var (checked, decoded, notRead) = (0, 0, 0)
        while true {
            let images = try await pool.apply { [last] in
                try reader.published(after: last, limit: Self.filesInOneStep)
            }
            guard let end = images.last else { return }
            last = end.id
            let found = try await pool.map(images, chunkSize: 8) { [extent] image in
                switch extent {
                case .everything:
                    // A crawl may replace the file, or even forget it, after its row was read.
                    try files.check(image) == nil
                        ? nil : try reader.published(image.id).flatMap(files.check)
                case .missingFiles: try files.checkPresence(image)
                }
            }
            checked += images.count
            let sound = zip(images, found).filter { $0.1 == nil }.map(\.0)
            let findings = try await decoders?.check(sound)
            decoded += findings?.decoded ?? 0
            notRead += findings?.notRead ?? 0
            try await report(
                Step(
                    violations: found.compactMap(\.self) + (findings?.violations ?? []),
                    filesChecked: checked,
                    decoded: decoded,
                    notRead: notRead
                )
            )
        }
    }
}
