import ArgumentParser
import CrawlModel
import Storage

struct HistoryCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, jsonl
    }

    enum StateWord: String, ExpressibleByArgument, CaseIterable {
        case done, failed, skipped

        var state: TaskState {
            switch self {
            case .done: .done
            case .failed: .failed
            case .skipped: .skipped
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what was downloaded, failed or skipped, when and why.",
        discussion: """
            Examples: magpie history pictures
                      magpie history pictures --state failed --class http_4xx
                      magpie history pictures --format csv --limit 1000000 > history.csv

            For other questions ask the database: docs/SQL.md has the views.

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Option(help: "Only this state; may be given several times.")
    var state: [StateWord] = []

    @Option(name: .customLong("class"), help: "Only this error class; may be given several times.")
    var classes: [ErrorClass] = []

    @Option(help: "How many, the newest.")
    var limit = 50

    @Option(help: "How to write it.")
    var format = Format.table

    @Flag(help: "The same as --format jsonl.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be above 0") }
    }

    func run() throws {
        let selection = HistorySelection(
            states: Set(state.map(\.state)),
            classes: Set(classes),
            limit: limit
        )
        let writer = HistoryWriter(format: json ? .jsonl : format)
        var failure: (any Error)?
        try writer.begin()
        try CrawlReader(CrawlFolder(folder)).history(selection) { entry in
            guard failure == nil else { return }
            do { try writer.write(entry) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
