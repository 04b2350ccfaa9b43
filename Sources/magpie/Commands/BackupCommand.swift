import ArgumentParser
import Foundation
import Storage

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write a copy of the database, also while a crawl runs.",
        discussion: """
            The copy is one whole file, as the database was at one moment. Pictures are not copied.

            Example: magpie backup pictures pictures-2026-11-26.db

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Argument(help: "The copy's file; there must be none yet.")
    var file: String

    func run() throws {
        let reader = try CrawlReader(CrawlFolder(folder))
        guard !FileManager.default.fileExists(atPath: file) else {
            throw FileProblem(description: "'\(file)' is there already: choose another name")
        }
        let place = URL(fileURLWithPath: file).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: place) else {
            throw FileProblem(
                description:
                    "'\(file)' can't be written: there is no folder '\(place)': make it first"
            )
        }
        // Under its own name only when it is whole.
        let part = file + ".part"
        unlink(part)
        try reader.backup(to: part)
        guard rename(part, file) == 0 else {
            throw FileProblem(
                description: "'\(file)' can't be written: \(String(cString: strerror(errno)))"
            )
        }
        try Console.say("wrote \(file)")
    }
}
