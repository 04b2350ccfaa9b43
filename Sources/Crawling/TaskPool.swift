import CrawlModel
import Pools
import Storage
import Synchronization

/// A number of workers that claim tasks of one kind, and end when nothing is left.
///
/// One claimer takes tasks from the database in batches and puts them into a bounded queue; workers
/// take them from there. The pool ends when nothing is ready, nothing will be due, nothing it claimed is
/// still open, and nobody can discover more.
final class TaskPool<Claimed: Sendable>: Sendable {
    /// What a pool needs to know about its kind of task.
    struct Source: Sendable {
        /// Takes tasks that are ready and due, at most so many.
        let claim: @Sendable (Int) async throws -> [Claimed]
        /// When there may be something to claim.
        let nextClaim: @Sendable () async throws -> NextClaim
        /// Whether tasks may be claimed now, or had better wait.
        let mayClaim: @Sendable () -> Bool
        /// Whether somebody else may still discover tasks.
        let isFed: @Sendable () -> Bool
    }

    private let workers: Int
    private let source: Source
    private let surroundings: Surroundings
    private let stop: StopRequest
    private let queue: JoinableQueue<Claimed>
    private let open = Atomic<Int>(0)
    private let ended = Atomic<Bool>(false)
    private let bell: Bell

    /// A pool that is woken by `bell` when what `source` answers may have changed.
    init(
        workers: Int,
        source: Source,
        bell: Bell,
        stop: StopRequest,
        surroundings: Surroundings
    ) {
        self.workers = workers
        self.source = source
        self.bell = bell
        self.stop = stop
        self.surroundings = surroundings
        queue = JoinableQueue(capacity: Self.batch(for: workers))
    }

    /// Large enough that claiming costs little, small enough that little is given back at a stop.
    private static func batch(for workers: Int) -> Int { max(2 * workers, 4) }

    /// The shortest wait for a time: tasks that failed together fall due one by one, hosts come to their
    /// turns one by one, and each claim is a transaction.
    private static var grain: Duration { .milliseconds(50) }

    /// Works until nothing is left or a stop is asked for.
    func run(_ work: @escaping @Sendable (Claimed) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { self.queue.close() }
                try await self.claimUntilNothingIsLeft()
            }
            for _ in 0..<workers {
                group.addTask {
                    // What is left in the queue at a stop is given back when the run ends; a claimer
                    // that waits for room in it is turned away.
                    defer { self.queue.close() }
                    while self.stop.urgency == .none, let task = try await self.queue.get() {
                        try await work(task)
                    }
                }
            }
            try await group.untilFirstError()
        }
        ended.store(true, ordering: .releasing)
        bell.ring()
    }

    /// Whether it has ended by itself: it claims nothing more, and its workers are done.
    var isOver: Bool { ended.load(ordering: .acquiring) }

    /// Notes that claimed tasks were committed: nothing more can come of them.
    func close(_ count: Int = 1) {
        open.subtract(count, ordering: .sequentiallyConsistent)
        bell.ring()
    }

    private func claimUntilNothingIsLeft() async throws {
        while stop.urgency == .none, !Task.isCancelled {
            // Looked at before claiming: what is open or fed may put tasks there meanwhile.
            let rings = bell.rings
            let mayGrow = source.isFed() || open.load(ordering: .sequentiallyConsistent) > 0
            guard source.mayClaim() else {
                await bell.wait(after: rings)
                continue
            }
            let claimed = try await source.claim(Self.batch(for: workers))
            open.add(claimed.count, ordering: .sequentiallyConsistent)
            do {
                for task in claimed { try await queue.put(task) }
            } catch is PoolError {
                return
            }
            guard claimed.isEmpty else { continue }
            var wait: Duration?
            switch try await source.nextClaim() {
            case .never: if !mayGrow { return }
            case .afterAnother: break
            case .at(let time): wait = max(time - surroundings.now(), Self.grain)
            }
            await bell.wait(after: rings, atMost: wait, surroundings)
        }
    }
}
