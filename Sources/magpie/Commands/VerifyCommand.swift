import ArgumentParser
import CrawlModel
import Crawling
import Decoding
import Foundation
import Storage

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check everything that must hold, in the database and on the disk.",
        discussion: """
            Every file is read and compared with its digest. A crawl may be running meanwhile, but not \
            with --repair, which makes broken tasks ready again; 'magpie resume' then runs them. A file \
            that was changed is moved to .magpie/set-aside first.

            With --decode every picture is also opened by libgd (libgd3), in processes of their own: one \
            that crashes its decoder is reported, and so is one that takes it 60 s or 2 GB. With --repair \
            a picture that can't be decoded is moved aside and fetched once more; if the same bytes come \
            again, it is left alone.

            Examples: magpie verify pictures
                      magpie verify pictures --repair && magpie resume pictures
                      magpie verify pictures --decode

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Flag(help: "Make what is broken ready again.")
    var repair = false

    @Flag(help: "Open every picture with a decoder.")
    var decode = false

    @Flag(help: "Wait while another process is writing the folder, instead of giving up.")
    var wait = false

    @Flag(help: "Write each violation and the end as a line of JSON.")
    var json = false

    func validate() throws {
        if wait, !repair { throw ValidationError("'--wait' goes with '--repair'") }
    }

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        // Before anything is made: a folder that is none stays as it is.
        _ = try CrawlReader(crawlFolder)
        let workers = ProcessInfo.processInfo.activeProcessorCount
        guard decode else { return try await verify(crawlFolder, workers, nil) }
        _ = try PictureDecoder()
        try await DecoderPool.withPool(crawlFolder, workers: workers) { decoders in
            try await verify(crawlFolder, workers, decoders)
        }
    }

    private func verify(
        _ crawlFolder: CrawlFolder,
        _ threads: Int,
        _ decoders: DecoderPool?
    ) async throws {
        let store = repair ? try await store(of: crawlFolder) : nil
        let mender = try store.map { Repair(store: $0, vault: try vault(of: $0, crawlFolder)) }
        let verification = Verification(crawlFolder, threads: threads, decoders: decoders)
        var count = Count(decoded: decode ? 0 : nil, notDecoded: decode ? 0 : nil)
        let progress = VerifyProgress(isShown: !json && Console.isTerminal)
        try await verification.run { step in
            progress.clear()
            for violation in step.violations { try show(violation) }
            count.files = step.filesChecked
            if decode { (count.decoded, count.notDecoded) = (step.decoded, step.notRead) }
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
            waits: wait
        ).open()
    }

    private func vault(of store: Store, _ folder: CrawlFolder) throws -> Vault {
        try Vault(folder, isDurable: true)
    }

    private func show(_ violation: Violation) throws {
        guard json else {
            let kind = violation.kind.rawValue.replacing("_", with: " ")
            let more = violation.message.map { ": \($0)" } ?? ""
            return try Console.say(Plain.text("\(kind): \(violation.subject)\(more)"))
        }
        try Console.say(JSONText.line(Line(violation)))
    }

    private func show(_ count: Count) throws {
        if json { return try Console.say(JSONText.line(count)) }
        var sentence = "\(Plain.count(count.files, "file")) checked, "
        if let decoded = count.decoded { sentence += "\(decoded) decoded, " }
        if let others = count.notDecoded, others > 0 {
            sentence += "\(others) of kinds that libgd does not read, "
        }
        sentence += Plain.count(count.violations, "violation")
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
        var decoded: Int?
        var notDecoded: Int?

        enum CodingKeys: String, CodingKey {
            case files, violations, mended, decoded
            case notDecoded = "not_decoded"
        }
    }

    private struct Line: Encodable {
        let kind: String
        let guarantee: Int
        let table: String?
        let id: Int64?
        let subject: String
        let message: String?

        init(_ violation: Violation) {
            kind = violation.kind.rawValue
            guarantee = violation.kind.guarantee
            table = violation.table?.rawValue
            id = violation.id
            subject = violation.subject
            message = violation.message
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
