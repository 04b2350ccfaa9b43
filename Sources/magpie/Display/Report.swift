import CrawlModel
import Storage

/// What is said at the end of a run.
struct Report {
    let folder: CrawlFolder
    let ending: RunEnding
    /// What the recipe has said about robots.txt.
    let robots: Politeness.Robots
    let json: Bool

    /// Writes the report.
    ///
    /// - Returns: How the process is to end.
    func show() throws -> ExitStatus {
        let reader = try CrawlReader(folder)
        let status = try reader.status()
        let summary = StatusSummary(status, try HostWaits(reader), folder: folder, isHeld: false)
        // Whether somebody reads it or not, the run ended as it did.
        do { try write(summary, try reader.drifts()) } catch is ClosedPipe {}
        if ending == .stopped { return .interrupted }
        return summary.failures.isEmpty ? .done : .someFailed
    }

    private func write(_ summary: StatusSummary, _ drifts: Drifts) throws {
        if json {
            try Console.say(JSONText.line(summary))
        } else {
            try Console.say(ending == .stopped ? "stopped; nothing is lost" : "finished")
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
            if robots == .ignore {
                try Console.say("robots.txt was not asked for: the recipe ignores it")
            }
            if let command = summary.nextCommand { try Console.say("next:   \(command)") }
        }
    }
}
