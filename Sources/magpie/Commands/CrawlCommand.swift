import ArgumentParser
import Storage

struct CrawlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crawl",
        abstract: "Start a crawl, or go on with it; running it twice is harmless.",
        discussion: """
            Example: magpie crawl gallery.yaml --into pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The recipe's file.")
    var recipe: String

    @Option(help: "The crawl folder; it is made if it is not there.")
    var into: String

    @OptionGroup var options: CrawlOptions

    func run() async throws {
        let session = CrawlSession(
            folder: CrawlFolder(into),
            compiled: try CompiledRecipe(file: recipe),
            options: options,
            command: "crawl"
        )
        throw try await session.run()
    }
}
