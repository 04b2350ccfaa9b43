import ArgumentParser
import Storage

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where a crawl stands, also while it runs.",
        discussion: """
            --watch shows the same as the crawl's own terminal, from another one, and ends with the crawl.

            Examples: magpie status pictures
                      magpie status pictures --watch

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Flag(help: "Show it until the crawl ends.")
    var watch = false

    @Flag(help: "Write JSON; with --watch a line each second.")
    var json = false

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        if watch { try await StatusWatch(folder: crawlFolder, json: json).untilTheCrawlEnds() }
        try show(crawlFolder)
    }

    private func show(_ crawlFolder: CrawlFolder) throws {
        let reader = try CrawlReader(crawlFolder)
        let status = try reader.status()
        let holder = FolderLock.holder(of: crawlFolder)
        let summary = StatusSummary(
            status,
            try .now(reader),
            folder: crawlFolder,
            isHeld: holder != nil
        )
        if json { return try Console.say(JSONText.line(summary)) }
        switch summary.state {
        case "running": try Console.say("running (\(Plain.text(holder ?? "")))")
        case "crashed": try Console.say("the last run ended in the middle; nothing is lost")
        default: try Console.say(summary.state)
        }
        for line in summary.lines { try Console.say(line) }
        if let command = summary.nextCommand { try Console.say("next:   \(command)") }
    }
}
