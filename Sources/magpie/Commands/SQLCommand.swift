import ArgumentParser
import Foundation
import Storage

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Ask the database: opens the sqlite3 shell on the views, for reading only.",
        discussion: """
            Without a query the shell waits for yours; '.tables' lists the views, '.quit' leaves. It may be \
            used while a crawl runs. docs/SQL.md has the views and questions to start from.

            Examples: magpie sql pictures
                      magpie sql pictures "select path, bytes from downloads limit 5"
                      magpie sql pictures --csv "select * from failures" > failures.csv

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Argument(help: "A query; the shell asks for one if it is left out.")
    var query: String?

    @Flag(help: "Write CSV with a header.")
    var csv = false

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        if csv, json { throw ValidationError("'--csv' and '--json' exclude each other") }
    }

    func run() throws {
        let crawlFolder = CrawlFolder(folder)
        // A folder that is none is told here, not by a shell that makes an empty database.
        _ = try CrawlReader(crawlFolder)
        let path = crawlFolder.database
        var words = ["sqlite3", "-readonly", "-cmd", ".timeout 10000"]
        if csv { words += ["-csv", "-header"] } else if json { words += ["-json"] }
        if !csv, !json, Console.isTerminal { words += ["-column", "-header"] }
        words.append(path.hasPrefix("-") ? "./\(path)" : path)
        if let query { words.append(query) }
        try Self.become(words)
    }

    /// Makes this process the program; only returns by throwing.
    private static func become(_ words: [String]) throws {
        // A shell wants to be ended by a closed pipe.
        signal(SIGPIPE, SIG_DFL)
        var arguments = words.map { strdup($0) } + [nil]
        execvp(words[0], &arguments)
        let number = errno
        for word in arguments { free(word) }
        throw FileProblem(
            description: number == ENOENT
                ? "the sqlite3 shell is not there: install it (Debian's package sqlite3), or ask "
                    + "with 'magpie history'"
                : "the sqlite3 shell can't be started: \(String(cString: strerror(number)))"
        )
    }
}
