import ArgumentParser
import Foundation
import Storage

struct HistoryCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, jsonl
    }

    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what was downloaded, failed or skipped, when and why.",
        discussion: """
            A table shows the newest 50 unless --limit says otherwise; CSV and JSON lines have all.

            Columns: \(HistoryColumn.allCases.map(\.rawValue).joined(separator: " "))

            For other questions ask the database: docs/SQL.md has the views, --sql a query to start from.

            Examples: magpie history pictures
                      magpie history pictures --state failed --columns path,message
                      magpie history pictures --path 'cats/*' --format csv > cats.csv

            \(ExitStatus.table)
            """
    )

    /// A list of columns: `path,url`.
    struct ColumnList: ExpressibleByArgument {
        let columns: [HistoryColumn]

        init?(argument: String) {
            let words = argument.split(separator: ",").map { HistoryColumn(rawValue: String($0)) }
            columns = words.compactMap(\.self)
            if columns.isEmpty || columns.count < words.count { return nil }
        }
    }

    @Argument(help: "The crawl folder.")
    var folder: String

    @OptionGroup var filters: HistoryFilters

    @Option(help: "Which columns, with commas between them, such as state,path,url.")
    var columns: ColumnList?

    @Option(help: "How to write it.")
    var format = Format.table

    @Flag(help: "The same as --format jsonl.")
    var json = false

    @Flag(help: "Write the query instead of what it gives.")
    var sql = false

    func validate() throws {
        if json, format == .csv {
            throw ValidationError("'--json' and '--format csv' exclude each other")
        }
    }

    private static let tableColumns: [HistoryColumn] = [
        .endedAt, .state, .path, .bytes, .errorClass, .url,
    ]
    private static let tableRows = 50

    func run() throws {
        let format = json ? Format.jsonl : format
        let isTable = format == .table
        let columns =
            columns?.columns ?? (isTable ? Self.tableColumns : HistoryColumn.allCases)
        var selection = filters.selection
        if isTable, selection.limit == nil { selection.limit = Self.tableRows }
        let reader = try CrawlReader(CrawlFolder(folder))
        if sql { return try Console.say(selection.query(columns) + ";") }
        var writer = HistoryWriter(format: format, columns: columns)
        try writer.begin()
        var rows = 0
        try reader.history(selection, columns) { row in
            try writer.write(row)
            rows += 1
        }
        try writer.end()
        if isTable, rows == 0 { try Console.write("nothing to show\n", to: STDERR_FILENO) }
    }
}
