package import CrawlModel
package import Extraction
import Pools
package import Storage

/// Reads kept pages again, by a recipe that was changed, and asks no site.
package struct Reextraction: Sendable {
    /// What came of it.
    package struct Counts: Equatable, Sendable {
        /// Pages that were read again.
        package var pages = 0
        /// Pages that can't be read with this recipe; what was found on them before stays.
        package var failed = 0
        /// Items that were found, known or not.
        package var items = 0
        /// Pictures that were not known.
        package var newImages = 0
        /// Pages that were not known.
        package var newPages = 0
    }

    private let folder: CrawlFolder
    private let recipe: Recipe
    private let extractor: Extractor
    private let store: Store

    /// Pages that are in memory at once.
    private static let batch = 16

    /// A second reading by the run that has the folder's lock.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder.
    ///   - recipe: The recipe in force.
    ///   - extractor: The same recipe, compiled.
    ///   - store: The run.
    package init(_ folder: CrawlFolder, recipe: Recipe, extractor: Extractor, store: Store) {
        self.folder = folder
        self.recipe = recipe
        self.extractor = extractor
        self.store = store
    }

    /// Reads all kept pages, each in a transaction of its own; doing it again is harmless.
    ///
    /// - Parameter failed: Called for each page that can't be read, with its address and why.
    /// - Returns: What came of it.
    /// - Throws: `StoreError`, or what `failed` throws.
    package func run(_ failed: (String, ExtractionError) throws -> Void) async throws -> Counts {
        try await ThreadPool.withPool(threads: 2, name: "magpie.reextract") { threads in
            let reader = try await threads.apply { [folder] in try CrawlReader(folder) }
            var counts = Counts()
            var last: Int64 = 0
            while true {
                let pages = try await threads.apply { [last] in
                    try reader.keptPages(after: last, limit: Self.batch)
                }
                guard let end = pages.last else { return counts }
                last = end.id
                let readings = try await threads.map(pages, chunkSize: 1) { read($0) }
                for (page, reading) in zip(pages, readings) {
                    switch reading {
                    case .success(let reading): try await add(reading, of: page, to: &counts)
                    case .failure(let error):
                        counts.failed += 1
                        try failed(page.url, error)
                    }
                }
            }
        }
    }

    private func read(_ page: KeptPage) -> Result<ReadPage, ExtractionError> {
        let body = page.body
        do throws(ExtractionError) {
            let reading = try extractor.read(
                try Packing.unpacked(body.packed, length: body.bytes),
                contentType: body.contentType,
                address: body.address,
                place: page.place
            )
            return .success(
                ReadPage(
                    reading: reading,
                    bytes: body.bytes,
                    status: body.status,
                    place: page.place
                ) {
                    recipe.path.path(of: $0, page: body.address)
                }
            )
        } catch {
            return .failure(error)
        }
    }

    private func add(_ reading: ReadPage, of page: KeptPage, to counts: inout Counts) async throws {
        let summary = try await store.reread(
            page: page.id,
            as: reading,
            onConflict: recipe.onConflict,
            pagesMax: recipe.pagesMax
        )
        guard let summary else { return }
        counts.pages += 1
        counts.items += reading.discoveries.count
        counts.newImages += summary.newImages
        counts.newPages += summary.newPages
    }
}
