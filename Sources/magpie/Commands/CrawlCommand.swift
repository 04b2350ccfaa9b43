import ArgumentParser
import Storage

struct CrawlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crawl",
        abstract: "Start a crawl, or go on with it; running it twice is harmless.",
        discussion: """
            With --refresh pages that were read are asked for again, on condition that they have changed; \
            new pictures are saved, known ones are left alone. With --refresh-images these are asked for \
            again, too: one that has changed is saved beside the older one, or in its place where the recipe \
            says 'on_change: replace'.

            Examples: magpie crawl gallery.yaml --into pictures
                      magpie crawl gallery.yaml --into pictures --refresh
                      magpie crawl gallery.yaml --into pictures --refresh-images

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

    @Flag(help: "Do that, and ask for saved pictures again, too.")
    var refreshImages = false

    @OptionGroup var options: CrawlOptions

    func run() async throws {
        let session = CrawlSession(
            folder: CrawlFolder(into),
            compiled: try CompiledRecipe(file: recipe),
            options: options,
            command: "crawl"
        )
        throw try await session.run { store in
            if refreshImages { _ = try await store.refreshImages() }
            if refresh || refreshImages { _ = try await store.refreshPages() }
            return true
        }
    }
}
