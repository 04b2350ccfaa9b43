import CrawlModel
import Crawling
import Storage

/// What is said at the end of a run.
struct Report {
    let folder: CrawlFolder
    let ending: RunEnding
    /// The limit that ended it, if one did.
    let limit: RunLimits.Kind?
    /// What the recipe has said about robots.txt.
    let robots: Politeness.Robots
    let options: CrawlOptions

    /// Writes the report.
    ///
    /// - Returns: How the process is to end.
    func show() throws -> ExitStatus {
        let reader = try CrawlReader(folder)
        let status = try reader.status()
        var summary = StatusSummary(status, try .now(reader), folder: folder, isHeld: false)
        if ending == .stopped { summary.stoppedBy = limit?.rawValue ?? "user" }
        // Whether somebody reads it or not, the run ended as it did.
        do { try write(summary, try reader.drifts(), try reader.hooks()) } catch is ClosedPipe {}
        if ending == .stopped { return limit == nil ? .interrupted : .limitReached }
        let isDone = summary.failures.isEmpty && summary.refreshes?.failed ?? 0 == 0
        return isDone ? .done : .someFailed
    }

    private var headline: String {
        guard ending == .stopped else { return "finished" }
        guard let limit else { return "stopped; nothing is lost" }
        return "stopped: --\(limit.rawValue.replacing("_", with: "-")) is reached; nothing is lost"
    }

    private func write(
        _ summary: StatusSummary,
        _ drifts: Drifts,
        _ hooks: HookSummary
    ) throws {
        if options.json {
            try Console.say(JSONText.line(summary))
        } else {
            try Console.say(headline)
            for line in summary.lines { try Console.say(line) }
            if let example = drifts.example {
                try Console.say(
                    "  \(Plain.count(drifts.pages, "page")) with far fewer items than the others, "
                        + "such as \(Plain.text(example))"
                )
            }
            if drifts.pages + summary.pagesWithoutItems > 0 {
                try Console.say("  see 'Drift' in docs/RECIPES.md for how they are read again")
            }
            if let example = hooks.example {
                try Console.say(
                    "  \(Plain.count(hooks.failures, "hook")) failed, such as \(Plain.text(example))"
                )
            }
            if robots == .ignore {
                try Console.say("robots.txt was not asked for: the recipe ignores it")
            }
            if let command = summary.nextCommand {
                try Console.say("next:   \(command)\(options.connection.words)")
            }
        }
    }
}
