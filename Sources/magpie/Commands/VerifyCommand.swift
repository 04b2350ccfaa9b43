import ArgumentParser
import CrawlModel
import Crawling
import Foundation
import Storage

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check everything that must hold, in the database and on the disk.",
        discussion: """
            Every file is read and compared with its digest. A crawl may be running meanwhile, but not
            with --repair, which makes broken tasks ready again; 'magpie resume' then runs them. A file
            that was changed is moved to .magpie/set-aside first.

            Examples: magpie verify pictures
                      magpie verify pictures --repair && magpie resume pictures

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Flag(help: "Make what is broken ready again.")
    var repair = false

    @Flag(help: "Write each violation and the end as a line of JSON.")
    var json = false

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        // Before anything is made: a folder that is none stays as it is.
        _ = try CrawlReader(crawlFolder)
        let store = repair ? try await store(of: crawlFolder) : nil
        let mender = try store.map { Repair(store: $0, vault: try vault(of: $0, crawlFolder)) }
        let verification = Verification(
            crawlFolder,
            threads: ProcessInfo.processInfo.activeProcessorCount
        )
        var count = Count()
        let progress = VerifyProgress(isShown: !json && Console.isTerminal)
        try await verification.run { step in
            progress.clear()
            for violation in step.violations { try show(violation) }
            count.files = step.filesChecked
            count.violations += step.violations.count
            count.mended += try await mender?.mend(step.violations) ?? 0
            progress.show(step.filesChecked)
        }
        progress.clear()
        try await store?.end(.finished)
        try show(count)
        if count.violations > count.mended { throw ExitStatus.violations }
    }

    private func store(of folder: CrawlFolder) async throws -> Store {
        try await WritingStore(
            folder: folder,
            command: "verify --repair",
            recipe: nil,
            mends: true,
            waits: false
        ).open()
    }

    private func vault(of store: Store, _ folder: CrawlFolder) throws -> Vault {
        try Vault(folder, isDurable: true, partsAreIntact: store.beginning.partsAreIntact)
    }

    private func show(_ violation: Violation) throws {
        guard json else {
            let kind = violation.kind.rawValue.replacing("_", with: " ")
            return try Console.say(Plain.text("\(kind): \(violation.subject)"))
        }
        try Console.say(JSONText.line(Line(violation)))
    }

    private func show(_ count: Count) throws {
        if json { return try Console.say(JSONText.line(count)) }
        var sentence =
            "\(Plain.count(count.files, "file")) checked, \(Plain.count(count.violations, "violation"))"
        if repair { sentence += ", \(count.mended) mended" }
        try Console.say(sentence)
        if count.mended > 0 { try Console.say("next:   magpie resume \(folder)") }
        if !repair, count.violations > 0 {
            try Console.say("next:   magpie verify \(folder) --repair")
        }
    }

    private struct Count: Encodable {
        var files = 0
        var violations = 0
        var mended = 0
    }

    private struct Line: Encodable {
        let kind: String
        let guarantee: Int
        let table: String?
        let id: Int64?
        let subject: String

        init(_ violation: Violation) {
            kind = violation.kind.rawValue
            guarantee = violation.kind.guarantee
            table = violation.table?.rawValue
            id = violation.id
            subject = violation.subject
        }
    }
}

/// How many files were checked, in one line that renews itself.
private struct VerifyProgress {
    let isShown: Bool

    func show(_ files: Int) {
        guard isShown else { return }
        try? Console.write("\r\(Plain.count(files, "file")) checked", to: STDOUT_FILENO)
    }

    func clear() {
        guard isShown else { return }
        try? Console.write("\r\u{1B}[K", to: STDOUT_FILENO)
    }
}
