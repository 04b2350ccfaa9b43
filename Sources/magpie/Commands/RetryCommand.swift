import ArgumentParser
import CrawlModel
import Extraction
import Storage

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Make failed tasks ready again, and run them.",
        discussion: """
            Their tries start anew; their attempts stay as history.

            Selectors narrow each other down. A picture that turns out to be on disk is done without a \
            request. '--class filtered' means pictures that the recipe's filters left out: those that its \
            filters of today let pass come back.

            Examples: magpie retry pictures
                      magpie retry pictures images --class timeout --class http_5xx
                      magpie retry pictures --status 503 --host img.example.org --since 2d
                      magpie retry pictures --path 'cats/*' --limit 100 --dry-run

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The crawl folder.")
    var folder: String

    @Argument(help: "What to retry: pages, images; both if left out.")
    var tasks: [TaskWord] = []

    @Option(name: .customLong("class"), help: "Only this error class; may be given several times.")
    var classes: [ErrorClass] = []

    @Option(name: .customLong("status"), help: "Only this HTTP status; may be given several times.")
    var statuses: [Int] = []

    @Option(name: .customLong("host"), help: "Only this host; may be given several times.")
    var hosts: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only what failed then or later: 2026-11-26, 2026-11-26T08:30 (UTC), or 12h, 7d ago.",
            valueName: "time"
        )
    )
    var since: PastTime?

    @Option(
        help: ArgumentHelp(
            "Only pictures with paths like this; * and ? stand for any characters, also a slash.",
            valueName: "glob"
        )
    )
    var path: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Say what would be retried, and change nothing.")
    var dryRun = false

    @Flag(help: "Make the tasks ready, but do not run them.")
    var queueOnly = false

    @OptionGroup var options: CrawlOptions

    private var selection: RetrySelection {
        RetrySelection(
            kinds: Set((tasks.isEmpty ? TaskWord.allCases : tasks).map(\.kind)),
            classes: Set(classes),
            statuses: Set(statuses),
            hosts: Set(hosts.map { $0.lowercased() }),
            since: since?.time,
            path: path,
            limit: limit
        )
    }

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("'--limit' must be above zero") }
        guard statuses.allSatisfy((100...599).contains) else {
            throw ValidationError("'--status' must be from 100 to 599")
        }
        for errorClass in classes {
            guard let rule = Self.rule(against: errorClass) else { continue }
            throw ValidationError(
                "what is of class \(errorClass.rawValue) has not failed, and is not retried: to have such "
                    + "pictures, write '\(rule)' in the recipe, then 'magpie forget \(Plain.word(folder)) "
                    + "--class \(errorClass.rawValue)' and 'magpie crawl RECIPE --into "
                    + "\(Plain.word(folder)) --refresh'"
            )
        }
    }

    /// What a recipe has to say so that nothing is skipped with this class; `nil` for one of failures.
    private static func rule(against errorClass: ErrorClass) -> String? {
        switch errorClass {
        case .pathTaken: "on_conflict: rename"
        case .duplicate: "duplicates: keep"
        case .robots: "robots: ignore"
        default: nil
        }
    }

    func run() async throws {
        let crawlFolder = CrawlFolder(folder)
        let compiled = try CompiledRecipe(storedIn: crawlFolder)
        let readmission = Readmission(onConflict: compiled.recipe.onConflict) {
            [extractor = compiled.extractor] in try extractor.refusal(of: $0) != nil
        }
        if dryRun { return try preview(crawlFolder, readmission) }
        let session = CrawlSession(
            folder: crawlFolder,
            compiled: compiled,
            options: options,
            command: "retry"
        )
        throw try await session.run { store in
            let counts = try await store.retry(selection, readmission: readmission)
            if !options.json { try? Console.say(Self.sentence(counts)) }
            return !queueOnly
        }
    }

    private static func sentence(_ counts: [TaskKind: Int]) -> String {
        let pages = Plain.count(counts[.page] ?? 0, "page")
        return "ready again: \(pages), \(Plain.count(counts[.image] ?? 0, "image"))"
    }

    private func preview(_ crawlFolder: CrawlFolder, _ readmission: Readmission) throws {
        let plan = try CrawlReader(crawlFolder)
            .plan(selection, readmission: readmission, listed: Self.listed)
        if options.json { return try Console.say(JSONText.line(RetryPreview(plan))) }
        if plan.groups.isEmpty { return try Console.say("nothing to retry") }
        for group in plan.groups {
            try Console.say("\(group.kind) \(group.errorClass.rawValue): \(group.tasks)")
        }
        try Console.say("would be run:")
        for task in plan.tasks { try Console.say("  \(task.kind) \(Plain.text(task.address))") }
        let more = plan.groups.reduce(0) { $0 + $1.tasks } - plan.tasks.count
        if more > 0 { try Console.say("  and \(more) more") }
    }

    /// Tasks that a preview names; more of them are counted.
    private static let listed = 20
}

/// What `retry --dry-run --json` writes.
private struct RetryPreview: Encodable {
    private struct Group: Encodable {
        let kind: String
        let errorClass: String
        let tasks: Int

        enum CodingKeys: String, CodingKey {
            case kind
            case errorClass = "error_class"
            case tasks
        }
    }

    private struct Task: Encodable {
        let kind: String
        let id: Int64
        let url: String
        let errorClass: String
        let httpStatus: Int?

        enum CodingKeys: String, CodingKey {
            case kind, id, url
            case errorClass = "error_class"
            case httpStatus = "http_status"
        }
    }

    private let classes: [Group]
    private let tasks: [Task]

    init(_ plan: RetryPlan) {
        classes = plan.groups.map {
            Group(kind: $0.kind.rawValue, errorClass: $0.errorClass.rawValue, tasks: $0.tasks)
        }
        tasks = plan.tasks.map {
            Task(
                kind: $0.kind.rawValue,
                id: $0.id,
                url: $0.address,
                errorClass: $0.errorClass.rawValue,
                httpStatus: $0.status
            )
        }
    }
}
