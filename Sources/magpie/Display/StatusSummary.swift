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
        let example: String
        let message: String

        enum CodingKeys: String, CodingKey {
            case kind
            case errorClass = "error_class"
            case tasks, example, message
        }

        init(_ entry: FailureExample) {
            kind = entry.kind.rawValue
            errorClass = entry.errorClass.rawValue
            tasks = entry.tasks
            example = entry.address
            message = entry.message
        }
    }

    struct Repeated: Encodable {
        let addresses: Int
        let path: String
        let sha256: String

        init(_ picture: RepeatedPicture) {
            addresses = picture.addresses
            path = picture.path
            sha256 = picture.sha256
        }
    }

    struct Duplicates: Encodable {
        var linked = 0
        var skipped = 0
        var kept = 0
        var bytesSaved = 0

        enum CodingKeys: String, CodingKey {
            case linked, skipped, kept
            case bytesSaved = "bytes_saved"
        }

        /// The counts by what became of them; `nil` if there are none.
        init?(_ counts: [(how: String, tasks: Int, bytes: Int)]) {
            if counts.isEmpty { return nil }
            for count in counts {
                switch count.how {
                case "linked": linked = count.tasks
                case "skipped": skipped = count.tasks
                default: kept = count.tasks
                }
                if count.how != "kept" { bytesSaved += count.bytes }
            }
        }

        /// For people: `12 linked, 1 kept whole; 3.4 MB saved`.
        var text: String {
            let counts = [(linked, "linked"), (skipped, "skipped"), (kept, "kept whole")]
                .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            return counts.joined(separator: ", ") + "; \(Plain.bytes(bytesSaved)) saved"
        }
    }

    /// Pictures that are asked for again: those of the newest run, and those that wait.
    struct Refreshes: Encodable {
        let unchanged: Int
        let changed: Int
        let failed: Int
        let waiting: Int
        /// One that could not be had, and why.
        let example: String?

        /// The counts; `nil` if there are none.
        init?(_ run: RunStatus?, _ tally: Tally) {
            unchanged = run?.imagesUnchanged ?? 0
            changed = run?.imagesChanged ?? 0
            failed = run?.refreshesFailed ?? 0
            waiting = tally.tasks(.refresh, .ready) + tally.tasks(.refresh, .running)
            example = run?.failedRefresh
            if unchanged + changed + failed + waiting == 0 { return nil }
        }

        /// For people.
        var lines: [String] {
            let counts =
                "again   \(unchanged) unchanged, \(changed) changed, \(failed) not to be had, "
                + "\(waiting) waiting"
            return [counts] + (example.map { ["           \(Plain.text($0))"] } ?? [])
        }
    }

    let folder: String
    let state: String
    let pages: Counts
    let images: Counts
    let bytes: Int
    let failures: [ClassCount]
    let skips: [ClassCount]
    let repeated: Repeated?
    /// Hosts that wait and why, for people; their rows are in the view `hosts`.
    let waits: [String]
    let duplicates: Duplicates?
    let refreshes: Refreshes?
    let pagesWithoutItems: Int
    let pageWithoutItems: String?
    /// Hooks that are still to be run; `nil` if none are.
    let hooksDue: Int?
    /// What stopped the run that ends here: a limit's name, or `user`.
    var stoppedBy: String?

    enum CodingKeys: String, CodingKey {
        case stoppedBy = "stopped_by"
        case hooksDue = "hooks_due"
        case folder, state, pages, images, bytes, failures, skips, repeated, waits, duplicates
        case refreshes
        case pagesWithoutItems = "pages_without_items"
        case pageWithoutItems = "page_without_items"
    }

    /// The summary of a status; `isHeld` says whether a process holds the folder's lock.
    init(
        _ status: CrawlStatus,
        _ waits: HostWaits,
        folder: CrawlFolder,
        isHeld: Bool
    ) {
        self.waits = waits.lines
        self.folder = folder.path
        pages = Counts(status.tally, .page)
        images = Counts(status.tally, .image)
        bytes = status.tally.bytes(.image)
        failures = status.failures.map(ClassCount.init)
        skips = status.skips.map(ClassCount.init)
        repeated = status.repeated.map(Repeated.init)
        duplicates = Duplicates(status.duplicates)
        refreshes = Refreshes(status.run, status.tally)
        pagesWithoutItems = status.pagesWithoutItems
        pageWithoutItems = status.pageWithoutItems
        hooksDue = status.hooksDue > 0 ? status.hooksDue : nil
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
        if let refreshes { lines += refreshes.lines }
        for skip in skips {
            lines.append(
                "  skipped  \(skip.errorClass): \(skip.tasks) (\(Self.meaning(skip.errorClass)))"
            )
            lines.append(Self.example(skip))
        }
        if let duplicates { lines.append("  duplicates: \(duplicates.text)") }
        for failure in failures {
            lines.append(
                "  failed   \(failure.errorClass): \(Plain.count(failure.tasks, failure.kind))"
            )
            lines.append(Self.example(failure))
        }
        for (index, wait) in waits.enumerated() {
            lines.append((index == 0 ? "  waits    " : "           ") + wait)
        }
        if pagesWithoutItems > 0, let page = pageWithoutItems {
            lines.append(
                "  \(Plain.count(pagesWithoutItems, "page")) without items, such as \(Plain.text(page))"
            )
        }
        if let repeated {
            lines.append(
                "  the same picture came from \(repeated.addresses) of the newest addresses, such as "
                    + "\(Plain.text(repeated.path)): a placeholder?"
            )
        }
        if let hooksDue, state != "running" {
            lines.append("  \(Plain.count(hooksDue, "hook")) left for the next run")
        }
        return lines
    }

    private static func example(_ entry: ClassCount) -> String {
        let message = entry.message.isEmpty ? "" : ": \(Plain.text(entry.message))"
        return "           \(Plain.text(entry.example))\(message)"
    }

    /// The command that goes on from here, if there is anything to go on with.
    var nextCommand: String? {
        let name = Plain.word(folder)
        if state == "running" { return nil }
        let waiting = pages.ready + images.ready + pages.running + images.running
        if waiting + (refreshes?.waiting ?? 0) > 0 || hooksDue != nil {
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
        case .pathTaken: "another has the path; on_conflict: rename keeps both pictures"
        case .duplicate: "another picture has the same bytes"
        case .robots: "robots.txt forbids it"
        default: "by rule"
        }
    }
}
