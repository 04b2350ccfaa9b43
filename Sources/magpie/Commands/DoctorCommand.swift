import ArgumentParser
import Fetching
import Storage

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show which libraries are in use, and whether a crawl folder is well.",
        discussion: """
            Reads all of the folder's database, and changes nothing.

            Examples: magpie doctor
                      magpie doctor pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "A crawl folder.")
    var folder: String?

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        let report = try DoctorReport(folder.map(CrawlFolder.init))
        if json {
            try Console.say(JSONText.line(report))
        } else {
            for line in report.lines { try Console.say(line) }
        }
        if !report.problems.isEmpty { throw ExitStatus.internalFailure }
    }
}
