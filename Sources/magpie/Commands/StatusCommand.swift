import ArgumentParser
import Storage

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where a crawl stands, also while it runs.",
        discussion: """
            Example: magpie status pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        let crawlFolder = CrawlFolder(folder)
        let status = try CrawlReader(crawlFolder).status()
        let holder = FolderLock.holder(of: crawlFolder)
        let summary = StatusSummary(status, folder: crawlFolder, isHeld: holder != nil)
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
