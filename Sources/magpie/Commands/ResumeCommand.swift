import ArgumentParser
import Storage

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a crawl where it stopped.",
        discussion: """
            The recipe is the one the folder was last crawled with; it is kept in the database.

            Example: magpie resume pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @OptionGroup var options: CrawlOptions

    func run() async throws {
        let session = CrawlSession(
            folder: CrawlFolder(folder),
            compiled: try CompiledRecipe(storedIn: CrawlFolder(folder)),
            options: options,
            command: "resume"
        )
        throw try await session.run()
    }
}

extension CompiledRecipe {
    /// The recipe that a crawl folder was last crawled with.
    ///
    /// - Throws: `StoreError` if there is no crawl folder, and what `init(_:)` throws.
    init(storedIn folder: CrawlFolder) throws {
        guard let stored = try CrawlReader(folder).recipe() else {
            throw StoreError.noCrawlFolder(folder.path)
        }
        try self.init(stored)
    }
}
