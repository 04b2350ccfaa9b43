import ArgumentParser
import CrawlModel
import Crawling
import Foundation
import Storage

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Take pictures that are on disk already into the database.",
        discussion: """
            For a folder that another program has filled. The listing pages that are not read yet are \
            read, so that it is known which picture has which path; no picture is asked for. Then each \
            file is looked at: a whole picture under a path that the recipe gives is taken as done. What \
            has such a path and is no whole picture is broken: remove it, since the crawl asks for the \
            picture but never writes over a file. Files that no picture has the path of are strangers, \
            and are left alone.

            Examples: magpie adopt pictures --recipe gallery.yaml && magpie resume pictures
                      magpie adopt pictures --dry-run

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The folder with the pictures.")
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The recipe's file; the one of the last crawl if left out.",
            valueName: "file"
        )
    )
    var recipe: String?

    @Flag(help: "Read no page and change nothing; only say what each file is.")
    var dryRun = false

    @OptionGroup var options: CrawlOptions

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        guard crawlFolder.exists || recipe != nil && !dryRun else {
            Console.complain(
                "'\(folder)' is no crawl folder yet: 'magpie adopt \(folder) --recipe RECIPE' reads the "
                    + "pages and makes it one"
            )
            throw ExitStatus.noCrawlFolder
        }
        guard FileManager.default.fileExists(atPath: folder) else {
            throw FileProblem(
                description: "'\(folder)' is not there: give the folder with the pictures"
            )
        }
        if dryRun {
            _ = try CrawlReader(crawlFolder)
            return try show(try await look(crawlFolder, writer: nil))
        }
        let compiled = try recipe.map { try CompiledRecipe(file: $0) }
        let session = CrawlSession(
            folder: crawlFolder,
            compiled: try compiled ?? CompiledRecipe(storedIn: crawlFolder),
            options: options,
            command: "adopt"
        )
        guard try await session.readPages() == .finished else { throw ExitStatus.interrupted }
        let store = try await WritingStore(
            folder: crawlFolder,
            command: "adopt",
            recipe: nil,
            waits: options.wait
        ).open()
        let vault = try Vault(crawlFolder, isDurable: !options.noSync)
        let count = try await look(crawlFolder, writer: (store, vault))
        try await store.end(.finished)
        try show(count)
        guard !options.json else { return }
        let status = try CrawlReader(crawlFolder).status()
        let summary = StatusSummary(status, HostWaits(), folder: crawlFolder, isHeld: false)
        for line in summary.lines { try Console.say(line) }
        if let command = summary.nextCommand { try Console.say("next:   \(command)") }
    }

    private struct Count: Encodable {
        var known = 0
        var adopted = 0
        var broken = 0
        var strangers = 0

        mutating func add(_ finding: Adoption.Finding) {
            switch finding {
            case .known: known += 1
            case .adopted: adopted += 1
            case .broken: broken += 1
            case .stranger: strangers += 1
            }
        }
    }

    private struct Line: Encodable {
        let path: String
        let finding: String
    }

    private func look(
        _ crawlFolder: CrawlFolder,
        writer: (store: Store, vault: Vault)?
    ) async throws -> Count {
        var count = Count()
        try await Adoption(crawlFolder, writer: writer).run { path, finding in
            count.add(finding)
            if options.json {
                try Console.say(JSONText.line(Line(path: path, finding: finding.rawValue)))
            } else if finding == .broken || finding == .stranger {
                try Console.say("\(finding.rawValue)  \(Plain.text(path))")
            }
        }
        return count
    }

    private func show(_ count: Count) throws {
        if options.json { return try Console.say(JSONText.line(count)) }
        let adopted = dryRun ? "to adopt" : "adopted"
        try Console.say(
            "files   \(count.adopted) \(adopted), \(count.known) known, \(count.broken) broken, "
                + Plain.count(count.strangers, "stranger")
        )
        if count.broken > 0 {
            try Console.say(
                "  remove what is broken before the crawl goes on: it writes over no file"
            )
        }
    }
}
