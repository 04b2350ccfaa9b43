import CrawlModel
import Foundation
import Storage

/// Where a crawl stands, as `status --json` and the report give it.
struct StatusSummary: Encodable {
    struct Counts: Encodable {
        let done: Int
        let failed: Int
        let skipped: Int
        let ready: Int
        let running: Int

        init(_ tally: Tally, _ kind: TaskKind) {
            done = tally.tasks(kind, .done)
            failed = tally.tasks(kind, .failed)
            skipped = tally.tasks(kind, .skipped)
            ready = tally.tasks(kind, .ready)
            running = tally.tasks(kind, .running)
        }
    }

    struct ClassCount: Encodable {
        let kind: String
        let errorClass: String
        let tasks: Int
        let example: String?
        let message: String?

        enum CodingKeys: String, CodingKey {
            case kind
            case errorClass = "error_class"
            case tasks, example, message
        }
    }

    let folder: String
    let state: String
    let pages: Counts
    let images: Counts
    let bytes: Int
    let failures: [ClassCount]
    let skips: [ClassCount]
    let pagesWithoutItems: Int
    let pageWithoutItems: String?

    enum CodingKeys: String, CodingKey {
        case folder, state, pages, images, bytes, failures, skips
        case pagesWithoutItems = "pages_without_items"
        case pageWithoutItems = "page_without_items"
    }

    /// The summary of a status; `isHeld` says whether a process holds the folder's lock.
    init(_ status: CrawlStatus, folder: CrawlFolder, isHeld: Bool) {
        self.folder = folder.path
        pages = Counts(status.tally, .page)
        images = Counts(status.tally, .image)
        bytes = status.tally.bytes(.image)
        failures = status.failures.map {
            ClassCount(
                kind: $0.kind.rawValue,
                errorClass: $0.errorClass.rawValue,
                tasks: $0.tasks,
                example: $0.address,
                message: $0.message
            )
        }
        skips = TaskKind.allCases.flatMap { kind in
            status.tally.classes(kind, .skipped).map {
                ClassCount(
                    kind: kind.rawValue,
                    errorClass: $0.errorClass.rawValue,
                    tasks: $0.tasks,
                    example: nil,
                    message: nil
                )
            }
        }
        pagesWithoutItems = status.pagesWithoutItems
        pageWithoutItems = status.pageWithoutItems
        state =
            if isHeld {
                "running"
            } else if status.run?.ending == nil {
                "crashed"
            } else if status.tally.isIdle {
                "finished"
            } else {
                "stopped"
            }
    }

    /// The summary for people, a line each.
    var lines: [String] {
        var lines = [line("pages", pages), line("images", images) + ", \(Plain.bytes(bytes))"]
        for skip in skips {
            lines.append(
                "  skipped  \(skip.errorClass): \(skip.tasks) (\(Self.meaning(skip.errorClass)))"
            )
        }
        for failure in failures {
            lines.append(
                "  failed   \(failure.errorClass): \(Plain.count(failure.tasks, failure.kind))"
            )
            if let example = failure.example, let message = failure.message {
                lines.append("           \(Plain.text(example)): \(Plain.text(message))")
            }
        }
        if pagesWithoutItems > 0, let page = pageWithoutItems {
            lines.append(
                "  \(Plain.count(pagesWithoutItems, "page")) without items, such as \(Plain.text(page))"
            )
        }
        return lines
    }

    /// The command that goes on from here, if there is anything to go on with.
    var nextCommand: String? {
        let quoted = folder.contains { !$0.isLetter && !$0.isNumber && !"/._-".contains($0) }
        let name = quoted ? "'\(folder.replacing("'", with: "'\\''"))'" : folder
        if state == "running" { return nil }
        if pages.ready + images.ready + pages.running + images.running > 0 {
            return "magpie resume \(name)"
        }
        return failures.isEmpty ? nil : "magpie retry \(name)"
    }

    private func line(_ name: String, _ counts: Counts) -> String {
        let waiting = counts.ready + counts.running
        return "\(name)\(String(repeating: " ", count: 8 - name.count))\(counts.done) done, "
            + "\(counts.skipped) skipped, \(counts.failed) failed, \(waiting) waiting"
    }

    private static func meaning(_ errorClass: String) -> String {
        switch ErrorClass(rawValue: errorClass) {
        case .pathTaken: "another picture has the path; see the view skips, or on_conflict: rename"
        case .robots: "robots.txt forbids it"
        default: "by rule"
        }
    }
}
