import CrawlModel
import Pools
package import Storage

/// Takes files that are on disk already for the pictures they belong to.
package struct Adoption: Sendable {
    /// What a file is to the crawl.
    package enum Finding: String, Sendable {
        /// Its picture is done already.
        case known
        /// It is taken for its picture, which need not be asked for.
        case adopted
        /// It has the path of a picture, but is no whole one; the crawl asks for the picture and compares.
        case broken
        /// No picture has its path.
        case stranger
    }

    private let folder: CrawlFolder
    /// The run that records what is found; `nil` to only look.
    private let store: Store?
    private let vault: Vault?

    /// Files that are looked up, read and recorded together.
    private static let batch = 256

    /// An adoption of a folder's files.
    ///
    /// - Parameters:
    ///   - folder: A crawl folder whose pages have been read.
    ///   - writer: The run that holds the folder's lock, and its vault; `nil` to only look.
    package init(_ folder: CrawlFolder, writer: (store: Store, vault: Vault)?) {
        self.folder = folder
        store = writer?.store
        vault = writer?.vault
    }

    /// Looks at every file; what was found before an error stays recorded.
    ///
    /// - Parameter report: Called for each file, in the order of the walk.
    /// - Throws: `StoreError`, or what `report` throws.
    package func run(_ report: (String, Finding) async throws -> Void) async throws {
        try await ThreadPool.withPool(threads: 2, name: "magpie.adopt") { threads in
            let (reader, files) = try await threads.apply { [folder] in
                (try CrawlReader(folder), try PublishedFiles(folder))
            }
            let walk = FolderWalk(folder)
            while true {
                let paths = try await threads.apply { walk.next(atMost: Self.batch) }
                guard !paths.isEmpty else { return }
                let owners = try await threads.apply { try reader.owners(of: paths) }
                let contents = try await threads.map(owners, chunkSize: 8) { owner in
                    try owner.flatMap { $0.state == .done ? nil : try files.content(at: $0.path) }
                }
                var adopted: [AdoptedFile] = []
                for (offset, path) in paths.enumerated() {
                    let finding = Self.judge(owners[offset], contents[offset])
                    if finding == .adopted, let owner = owners[offset],
                        let content = contents[offset]
                    {
                        adopted.append(AdoptedFile(owner: owner, content: content))
                    }
                    try await report(path, finding)
                }
                try await record(adopted, threads)
            }
        }
    }

    private static func judge(_ owner: FileOwner?, _ content: ImageContent?) -> Finding {
        guard let owner else { return .stranger }
        if owner.state == .done { return .known }
        guard let content, case .success = content.judge(isFramed: false) else { return .broken }
        return .adopted
    }

    private func record(_ files: [AdoptedFile], _ threads: ThreadPool) async throws {
        guard let store, let vault, !files.isEmpty else { return }
        // A row that says done must survive a power cut with its file.
        _ = try await threads.apply { try vault.publish([], found: files.map(\.owner.path)) }
        _ = try await store.adopt(files)
    }
}
