import ArgumentParser
import CrawlModel
import Crawling
import Foundation
import Storage

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add pictures from a list: addresses, or the CSV that history and export write.",
        discussion: """
            A list has an address on each line, with the caption behind it if there is one; '#' begins a \
            remark. A file that ends with .csv has the names of its columns on the first line: url, and \
            any of path, caption, sha256, state, fields and page_url. A picture whose file is in the \
            folder with the sha256 of the list is done; others are to be fetched; known ones are left \
            alone, and those that were skipped are left out.

            The whole list is read before anything is changed: a line that is wrong is told by its \
            number. An import that was interrupted can be run again.

            Examples: magpie import addresses.txt --into pictures && magpie resume pictures
                      magpie export old > old.csv && magpie import old.csv --into pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The list.")
    var list: String

    @Option(
        help: ArgumentHelp("The crawl folder; it is made if it is not there.", valueName: "folder")
    )
    var into: String

    @Option(
        help: ArgumentHelp(
            "The recipe's file; the folder's own if left out, in a new folder a plain one.",
            valueName: "file"
        )
    )
    var recipe: String?

    @Flag(help: "Only read the list, and say how many pictures it has.")
    var dryRun = false

    @Flag(help: "Wait while another process is writing the folder, instead of giving up.")
    var wait = false

    @Flag(help: "Write JSON.")
    var json = false

    /// Pictures that are added in one transaction.
    private static let batch = 5000

    func run() async throws {
        let folder = CrawlFolder(into)
        let compiled = try compiled(folder)
        let count = try countPictures(compiled.recipe)
        if dryRun {
            if json { return try Console.say(JSONText.line(["pictures": count])) }
            return try Console.say("\(Plain.count(count, "picture")) on the list")
        }
        let store = try await WritingStore(
            folder: folder,
            command: "import",
            recipe: compiled.stored,
            waits: wait
        ).open()
        let (counts, leftOut) = try await add(to: store, compiled.recipe)
        try await store.end(.finished)
        try show(counts, leftOut: leftOut)
    }

    /// Reads the whole list once, for the first line that is wrong.
    private func countPictures(_ recipe: Recipe) throws -> Int {
        let images = try ImageList(file: list, recipe: recipe)
        var count = 0
        while try images.next() != nil { count += 1 }
        return count
    }

    private func compiled(_ folder: CrawlFolder) throws -> CompiledRecipe {
        if let recipe { return try CompiledRecipe(file: recipe) }
        if folder.exists { return try CompiledRecipe(storedIn: folder) }
        return try CompiledRecipe(StoredRecipe(file: "import", content: Self.plainRecipe))
    }

    private static let plainRecipe = """
        # For a list of addresses, made by 'magpie import': there are no pages to read.
        name: import
        pages: { file: "-" }
        item: { each: "img", image: "::attr(src)" }
        on_conflict: rename

        """

    private func add(
        to store: Store,
        _ recipe: Recipe
    ) async throws -> (Importing.Counts, leftOut: Int) {
        let importing = try Importing(
            store: store,
            vault: try Vault(CrawlFolder(into), isDurable: true),
            list: URL(fileURLWithPath: list).lastPathComponent,
            onConflict: recipe.onConflict
        )
        let images = try ImageList(file: list, recipe: recipe)
        let counts = try await importing.run {
            var batch: [ListedImage] = []
            while batch.count < Self.batch, let image = try images.next() { batch.append(image) }
            return batch
        }
        return (counts, images.skipped)
    }

    private struct Numbers: Encodable {
        let queued: Int
        let done: Int
        let known: Int
        let pathTaken: Int
        let changed: Int
        let leftOut: Int

        enum CodingKeys: String, CodingKey {
            case queued, done, known
            case pathTaken = "path_taken"
            case changed
            case leftOut = "left_out"
        }
    }

    private func show(_ counts: Importing.Counts, leftOut: Int) throws {
        if json {
            let numbers = Numbers(
                queued: counts.queued,
                done: counts.done,
                known: counts.known,
                pathTaken: counts.pathsTaken,
                changed: counts.changed,
                leftOut: leftOut
            )
            return try Console.say(JSONText.line(numbers))
        }
        var line = "list    \(counts.queued) to fetch, \(counts.done) done, \(counts.known) known"
        if counts.pathsTaken > 0 { line += ", \(counts.pathsTaken) whose path is taken" }
        if leftOut > 0 { line += ", \(leftOut) left out" }
        try Console.say(line)
        if counts.changed > 0 {
            try Console.say(
                "  \(Plain.count(counts.changed, "file")) with other bytes than the list says: the crawl "
                    + "takes a whole picture that has the path"
            )
        }
        if counts.queued > 0 { try Console.say("next:   magpie resume \(into)") }
    }
}
