import CrawlModel
import Crawling
import Foundation
import Storage

/// Shows how a running crawl gets on: lines that renew themselves on a terminal, a plain line from time to
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
        let interval: Duration = Console.isLive ? .milliseconds(200) : .seconds(5)
        var speed = Speed()
        var seen = HostWaits()
        var frames = 0
        while !Task.isCancelled {
            speed.add(store.tally, at: .now)
            if Console.isLive {
                // Once a second is enough for what lasts longer than that.
                if frames % 5 == 0 { seen = await .now(store) }
                frames += 1
                let lines = view(speed, seen).lines(
                    columns: Console.size.columns,
                    isUnicode: Console.isUnicode
                )
                try LiveBlock.standard.draw(lines)
            }
            do {
                try await Task.sleep(for: interval)
            } catch {
                break
            }
            if !Console.isLive { try Console.say(view(speed, await .now(store)).line) }
        }
        try LiveBlock.standard.erase()
    }

    private func view(_ speed: Speed, _ waits: HostWaits) -> ProgressView {
        ProgressView(
            tally: store.tally,
            speed: speed,
            lastSaved: journal.lastSaved?.description,
            waits: waits.lines,
            troubles: journal.troubles.map {
                ProgressView.Trouble(
                    errorClass: $0.failure.errorClass.rawValue,
                    address: $0.address,
                    message: $0.failure.message
                )
            }
        )
    }
}
