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

    /// Runs `work` and shows its progress until it ends, or until nobody reads it any more: a crawl
    /// does not end because its output can't be written.
    func whileShowing<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard !isSilent else { return try await work() }
        if store.beginning.tasksTakenBack > 0 {
            let tasks = Plain.count(store.beginning.tasksTakenBack, "task")
            try? Console.say("the last run ended in the middle: \(tasks) of it ready again")
        }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try? await showUntilCancelled()
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
