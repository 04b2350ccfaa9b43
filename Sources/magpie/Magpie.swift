import ArgumentParser
import Crawling
import Foundation

/// The command `magpie`.
@main
struct Magpie: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "magpie",
        abstract: "Collects the pictures of a gallery site and never forgets where it was.",
        discussion: """
            Start with 'magpie init NAME', try it with 'magpie check NAME.yaml', then run \
            'magpie crawl NAME.yaml --into DIR'. Kill it at any time; 'magpie resume DIR' goes on.

            \(ExitStatus.table)
            """,
        version: version,
        subcommands: [
            InitCommand.self, CheckCommand.self, CrawlCommand.self, ResumeCommand.self,
            RetryCommand.self, StatusCommand.self, HistoryCommand.self, SQLCommand.self,
            VerifyCommand.self, ReextractCommand.self, AdoptCommand.self, ImportCommand.self,
            ForgetCommand.self, RequeueCommand.self,
            BackupCommand.self, ExportCommand.self, DoctorCommand.self, DemoCommand.self,
        ]
    )

    static func main() async {
        DecoderPool.runWorkerIfAsked()
        // A closed pipe is told by the write that fails, not by a signal that kills.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.exit(for: error)
        }
    }
}
