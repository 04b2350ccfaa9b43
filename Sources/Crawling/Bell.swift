import CrawlModel
import Synchronization

/// Wakes who waits for something to change.
///
/// Whoever waits notes the number of rings before it looks at the state, so that no ring between the
/// look and the wait is missed.
final class Bell: Sendable {
    private struct State {
        var rings = 0
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often it was rung.
    var rings: Int { state.withLock { $0.rings } }

    /// Wakes everybody who waits.
    func ring() {
        let waiting = state.withLock { state in
            state.rings += 1
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Waits until it was rung more often than `rings` times, or the task is cancelled.
    func wait(after rings: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.rings == rings, !Task.isCancelled else { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    /// Waits for a ring, but no longer than `duration`; without one, for as long as it takes.
    func wait(after rings: Int, atMost duration: Duration?, _ surroundings: Surroundings) async {
        guard let duration else { return await wait(after: rings) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(after: rings) }
            group.addTask { try? await surroundings.sleep(duration) }
            await group.next()
            group.cancelAll()
        }
    }
}
