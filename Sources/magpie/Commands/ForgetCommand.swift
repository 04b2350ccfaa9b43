import ArgumentParser
import CrawlModel
import Storage

struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Remove pictures from the database; their files stay.",
        discussion: """
            For what is not wanted any more: it is neither retried nor missed. Pictures that were skipped \
            since a forgotten one had their path become ready. A forgotten picture comes back only when a \
            page that shows it is read again, as by 'magpie crawl --refresh'.

            Examples: magpie forget pictures --state failed --class http_4xx
                      magpie forget pictures --path 'ads/*' --dry-run

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @OptionGroup var filters: HistoryFilters

    @Flag(help: "Say how many would be forgotten, and change nothing.")
    var dryRun = false

    @Flag(help: "Wait while another process is writing the folder, instead of giving up.")
    var wait = false

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        if filters.isEmpty {
            throw ValidationError("say which pictures, '--state failed' for example")
        }
    }

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        let count = try CrawlReader(crawlFolder).count(filters.selection)
        if dryRun { return try show(count, "would be forgotten") }
        let store = try await WritingStore(
            folder: crawlFolder,
            command: "forget",
            recipe: nil,
            waits: wait
        ).open()
        let forgotten = try await store.forget(filters.selection)
        try await store.end(.finished)
        try show(forgotten, "forgotten")
    }

    private func show(_ count: Int, _ what: String) throws {
        if json { return try Console.say(JSONText.line(["pictures": count])) }
        try Console.say("\(Plain.count(count, "picture")) \(what)")
    }
}
