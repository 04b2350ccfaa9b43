import ArgumentParser
import CrawlModel
import Crawling
import Foundation
import Storage

struct RequeueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue",
        abstract: "Make pictures ready again whose files are gone.",
        discussion: """
            Quick, since no file is read; 'magpie verify --repair' also finds files that were changed.

            Example: magpie requeue pictures --missing && magpie resume pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Flag(help: "Pictures that are done and have no file.")
    var missing = false

    @Flag(help: "Wait while another process is writing the folder, instead of giving up.")
    var wait = false

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        if !missing { throw ValidationError("say which pictures: '--missing'") }
    }

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        _ = try CrawlReader(crawlFolder)
        let store = try await WritingStore(
            folder: crawlFolder,
            command: "requeue",
            recipe: nil,
            waits: wait
        ).open()
        let verification = Verification(
            crawlFolder,
            threads: ProcessInfo.processInfo.activeProcessorCount,
            extent: .missingFiles
        )
        var count = 0
        try await verification.run { step in
            count += try await store.repair(step.violations)
            guard !json else { return }
            for violation in step.violations { try Console.say(Plain.text(violation.subject)) }
        }
        try await store.end(.finished)
        if json { return try Console.say(JSONText.line(["pictures": count])) }
        try Console.say("\(Plain.count(count, "picture")) ready again")
        if count > 0 { try Console.say("next:   magpie resume \(folder)") }
    }
}
