import ArgumentParser
import CrawlModel
import Crawling
import Storage

struct ReextractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reextract",
        abstract: "Read kept pages again by a changed recipe, without asking the site.",
        discussion: """
            For crawls whose recipe has 'keep_pages: true'. What the recipe finds now and did not find \
            before becomes ready; what is known is left alone. No request is made: 'magpie resume' fetches \
            the new pictures and reads the new pages.

            Example: magpie reextract pictures --recipe new.yaml && magpie resume pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The changed recipe's file, in force from now on; the folder's own if left out.",
            valueName: "file"
        )
    )
    var recipe: String?

    @Flag(help: "Wait while another process is writing the folder, instead of giving up.")
    var wait = false

    @Flag(help: "Write JSON.")
    var json = false

    private struct Numbers: Encodable {
        let pages: Int
        let failed: Int
        let items: Int
        let newImages: Int
        let newPages: Int

        enum CodingKeys: String, CodingKey {
            case pages, failed, items
            case newImages = "new_images"
            case newPages = "new_pages"
        }
    }

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        _ = try CrawlReader(crawlFolder)
        let compiled =
            if let recipe {
                try CompiledRecipe(file: recipe)
            } else {
                try CompiledRecipe(storedIn: crawlFolder)
            }
        let store = try await WritingStore(
            folder: crawlFolder,
            command: "reextract",
            recipe: compiled.stored,
            waits: wait
        ).open()
        let reextraction = Reextraction(
            crawlFolder,
            recipe: compiled.recipe,
            extractor: compiled.extractor,
            store: store
        )
        let counts = try await reextraction.run { address, error in
            Console.complain("\(Plain.text(address)): \(error)")
        }
        try await store.end(.finished)
        try show(counts)
        if counts.failed > 0 { throw ExitStatus.someFailed }
    }

    private func show(_ counts: Reextraction.Counts) throws {
        if json {
            let numbers = Numbers(
                pages: counts.pages,
                failed: counts.failed,
                items: counts.items,
                newImages: counts.newImages,
                newPages: counts.newPages
            )
            return try Console.say(JSONText.line(numbers))
        }
        guard counts.pages + counts.failed > 0 else {
            return try Console.say(
                "no page is kept: the recipe needs 'keep_pages: true' before a crawl"
            )
        }
        try Console.say(
            "\(Plain.count(counts.pages, "page")) read again: \(Plain.count(counts.items, "item")), "
                + "\(counts.newImages) new, and \(Plain.count(counts.newPages, "new page"))"
        )
        if counts.newImages + counts.newPages > 0 {
            try Console.say("next:   magpie resume \(folder)")
        }
    }
}
