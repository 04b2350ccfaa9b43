import ArgumentParser
import CrawlModel
import Storage

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Make failed tasks ready again, and run them.",
        discussion: """
            Their tries start anew; their attempts stay as history.

            Examples: magpie retry pictures
                      magpie retry pictures images --class timeout --class http_5xx
                      magpie retry pictures --dry-run

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Argument(help: "What to retry: pages, images; both if left out.")
    var tasks: [TaskWord] = []

    @Option(name: .customLong("class"), help: "Only this error class; may be given several times.")
    var classes: [ErrorClass] = []

    @Flag(help: "Say what would be retried, and change nothing.")
    var dryRun = false

    @Flag(help: "Make the tasks ready, but do not run them.")
    var queueOnly = false

    @OptionGroup var options: CrawlOptions

    private var selection: RetrySelection {
        RetrySelection(
            kinds: Set((tasks.isEmpty ? TaskWord.allCases : tasks).map(\.kind)),
            classes: Set(classes)
        )
    }

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        if dryRun { return try preview(crawlFolder) }
        let session = CrawlSession(
            folder: crawlFolder,
            compiled: try CompiledRecipe(storedIn: crawlFolder),
            options: options,
            command: "retry"
        )
        throw try await session.run { store in
            let counts = try await store.retry(selection)
            if !options.json { try? Console.say(Self.sentence(counts)) }
            return !queueOnly
        }
    }

    private static func sentence(_ counts: [TaskKind: Int]) -> String {
        let pages = Plain.count(counts[.page] ?? 0, "page")
        return "ready again: \(pages), \(Plain.count(counts[.image] ?? 0, "image"))"
    }

    private func preview(_ crawlFolder: CrawlFolder) throws {
        let counts = try CrawlReader(crawlFolder).retryable(selection)
        if options.json {
            let rows = counts.map {
                Row(kind: $0.kind.rawValue, errorClass: $0.errorClass.rawValue, tasks: $0.tasks)
            }
            return try Console.say(JSONText.line(rows))
        }
        if counts.isEmpty { try Console.say("nothing to retry") }
        for row in counts {
            try Console.say("\(row.kind) \(row.errorClass.rawValue): \(row.tasks)")
        }
    }

    private struct Row: Encodable {
        let kind: String
        let errorClass: String
        let tasks: Int

        enum CodingKeys: String, CodingKey {
            case kind
            case errorClass = "error_class"
            case tasks
        }
    }
}
