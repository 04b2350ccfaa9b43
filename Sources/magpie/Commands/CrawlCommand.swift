import ArgumentParser
import Storage

struct CrawlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crawl",
        abstract: "Start a crawl, or go on with it; running it twice is harmless.",
        discussion: """
            With --refresh pages that were read are asked for again, on condition that they have changed; \
            new pictures are saved, known ones are left alone.

            Examples: magpie crawl gallery.yaml --into pictures
                      magpie crawl gallery.yaml --into pictures --refresh

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The recipe's file.")
    var recipe: String

    @Option(
        help: ArgumentHelp("The crawl folder; it is made if it is not there.", valueName: "folder")
    )
    var into: String

    @Flag(help: "Read pages again that have changed since, and save what is new.")
    var refresh = false

    @OptionGroup var options: CrawlOptions

    func run() async throws {
        let session = CrawlSession(
            folder: CrawlFolder(into),
            compiled: try CompiledRecipe(file: recipe),
            options: options,
            command: "crawl"
        )
        throw try await session.run { store in
            if refresh { _ = try await store.refreshPages() }
            return true
        }
    }
}
