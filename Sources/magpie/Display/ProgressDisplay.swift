import CrawlModel
import Crawling
import Foundation
import Storage

/// Shows how a running crawl gets on: one line that renews itself on a terminal, a plain line from time to
/// time on a pipe.
struct ProgressDisplay {
    let store: Store
    let journal: Journal
    let options: CrawlOptions

    private var isSilent: Bool { options.quiet || options.json }

    /// Runs `work` and shows its progress until it ends.
    func whileShowing<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard !isSilent else { return try await work() }
        if store.beginning.tasksTakenBack > 0 {
            let tasks = Plain.count(store.beginning.tasksTakenBack, "task")
            try Console.say("the last run ended in the middle: \(tasks) of it ready again")
        }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await showUntilCancelled()
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            preconditionFailure("the work ends with a value or an error")
        }
    }

    private func showUntilCancelled() async throws {
        let start = ContinuousClock.now
        let first = store.tally
        let interval: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(5)
        var drawn = 0
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: interval)
            } catch {
                break
            }
            let line = line(since: first, elapsed: .now - start)
            if Console.isTerminal {
                let shown = Columns.cut(line, to: Console.columns - 1)
                try Console.write("\r\(shown)\u{1B}[K", to: STDOUT_FILENO)
                drawn += 1
            } else {
                try Console.say(line)
            }
        }
        if drawn > 0 { try Console.write("\r\u{1B}[K", to: STDOUT_FILENO) }
    }

    private func line(since first: Tally, elapsed: Duration) -> String {
        let tally = store.tally
        let seconds = elapsed / .seconds(1)
        let done = tally.tasks(.image, .done)
        let rate = Double(done - first.tasks(.image, .done)) / max(seconds, 0.001)
        let waiting = tally.tasks(.image, .ready) + tally.tasks(.image, .running)
        var parts = [
            part("pages", tally, .page), part("images", tally, .image),
            String(format: "%.0f/s", rate), Plain.bytes(tally.bytes(.image)),
        ]
        if rate > 0, waiting > 0, tally.tasks(.page, .ready) == 0 {
            parts.append("\(Plain.duration(.seconds(Double(waiting) / rate))) left")
        }
        if let trouble = journal.troubles.last {
            parts.append(
                "\(trouble.failure.errorClass.rawValue): \(Plain.text(trouble.failure.message))"
            )
        }
        return parts.joined(separator: " · ")
    }

    private func part(_ name: String, _ tally: Tally, _ kind: TaskKind) -> String {
        let failed = tally.tasks(kind, .failed)
        let waiting = tally.tasks(kind, .ready) + tally.tasks(kind, .running)
        return "\(name) \(tally.tasks(kind, .done))"
            + (failed > 0 ? " (\(failed) failed)" : "") + (waiting > 0 ? " +\(waiting)" : "")
    }
}

/// How much room text takes in a terminal.
enum Columns {
    /// The first characters that fit into so many columns.
    static func cut(_ text: String, to columns: Int) -> String {
        var used = 0
        var out = ""
        for character in text {
            used += width(of: character)
            if used > columns { break }
            out.append(character)
        }
        return out
    }

    /// 2 for what terminals draw wide (Unicode TR 11: East Asian wide and full-width, emoji), else 1.
    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
