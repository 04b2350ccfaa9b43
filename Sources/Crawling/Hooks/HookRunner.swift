import CrawlModel
import Pools
import Storage
import Synchronization

/// Runs the recipe's programs: for each picture that is committed, and at the end.
///
/// What is to be run stands in the database since the picture's commit, so each is run at least once, and
/// memory does not grow with those that wait.
final class HookRunner: Sendable {
    private let hooks: Hooks
    private let store: Store
    private let folder: String
    private let stop: StopRequest
    private let surroundings: Surroundings
    private let threads: ThreadPool
    private let doneBefore: Int
    private let isFed = Mutex(true)

    /// How many are read from the database at once.
    private static let batch = 64

    /// Hooks of a crawl that has not begun.
    ///
    /// - Parameters:
    ///   - hooks: What to run.
    ///   - store: The crawl's database.
    ///   - folder: The crawl folder's path from the root.
    ///   - stop: The user's wish to end.
    ///   - surroundings: Time.
    ///   - threads: One for each program that may run at once.
    init(
        _ hooks: Hooks,
        store: Store,
        folder: String,
        stop: StopRequest,
        surroundings: Surroundings,
        threads: ThreadPool
    ) {
        self.hooks = hooks
        self.store = store
        self.folder = folder
        self.stop = stop
        self.surroundings = surroundings
        self.threads = threads
        doneBefore = store.tally.tasks(.image, .done)
    }

    /// All pictures of this run are committed.
    func nothingMoreComes() { isFed.withLock { $0 = false } }

    /// Whether hooks may begin: nobody asks for an end, or only a limit that has stopped nothing.
    private var mayBegin: Bool {
        stop.urgency == .none
            || stop.urgency == .soon && stop.limit != nil && store.tally.isIdle
    }

    private enum Event: Sendable {
        case ended(image: HookedImage, Outcome)
        case rung
    }

    /// Runs what is due until nothing is and nothing more comes, or a stop is asked for.
    ///
    /// - Parameter bell: Rung when pictures were committed, and when nothing more comes.
    /// - Throws: `StoreError`.
    func run(_ bell: Bell) async throws {
        guard let command = hooks.onImage else { return }
        try await withThrowingTaskGroup(of: Event.self) { group in
            func listen(_ rings: Int) {
                group.addTask {
                    await bell.wait(after: rings)
                    return .rung
                }
            }
            var running: Set<Int64> = []
            var waiting: [HookedImage] = []
            listen(bell.rings)
            while !Task.isCancelled {
                let isLast = isFed.withLock { !$0 }
                let mayBegin = self.mayBegin
                if mayBegin, waiting.isEmpty, running.count < hooks.atOnce {
                    waiting = try await due(besides: running)
                }
                while mayBegin, running.count < hooks.atOnce, let image = waiting.popLast() {
                    running.insert(image.id)
                    group.addTask {
                        .ended(image: image, await self.run(command, for: image))
                    }
                }
                // Whether a limit has stopped anything is known when all is committed.
                if running.isEmpty, isLast || !mayBegin && stop.limit == nil { break }
                switch try await group.next() {
                case .ended(let image, let outcome):
                    running.remove(image.id)
                    try await record(outcome, of: image)
                case .rung, nil: listen(bell.rings)
                }
            }
            group.cancelAll()
        }
    }

    /// The first of those that are due, the first one last.
    private func due(besides running: Set<Int64>) async throws -> [HookedImage] {
        let images = try await store.dueHooks(limit: running.count + Self.batch)
        return images.filter { !running.contains($0.id) }.reversed()
    }

    private func record(_ outcome: Outcome, of image: HookedImage) async throws {
        switch outcome {
        case .done: try await store.record(hookOf: image, failure: nil)
        case .failed(let failure): try await store.record(hookOf: image, failure: failure)
        case .givenUp: break
        }
    }

    /// Runs the hook of the end.
    ///
    /// - Throws: `StoreError`.
    func runAtEnd(_ ending: RunEnding) async throws {
        guard let command = hooks.onEnd else { return }
        let tally = store.tally
        func count(_ state: TaskState) -> Int { tally.tasks(.image, state) }
        let outcome = await run(
            command,
            [
                "MAGPIE_FOLDER": folder, "MAGPIE_ENDING": ending.rawValue,
                "MAGPIE_NEW": "\(count(.done) - doneBefore)", "MAGPIE_DONE": "\(count(.done))",
                "MAGPIE_FAILED": "\(count(.failed))", "MAGPIE_SKIPPED": "\(count(.skipped))",
                "MAGPIE_WAITING": "\(count(.ready) + count(.running))",
            ],
            imageID: nil
        )
        if case .failed(let failure) = outcome {
            try await store.record(hookOf: nil, failure: failure)
        }
    }

    private func run(_ command: [String], for image: HookedImage) async -> Outcome {
        let environment = [
            "MAGPIE_FOLDER": folder, "MAGPIE_PATH": image.path,
            "MAGPIE_FILE": "\(folder)/\(image.path)", "MAGPIE_CAPTION": image.caption,
            "MAGPIE_URL": image.url, "MAGPIE_PAGE": image.pageURL, "MAGPIE_SHA256": image.sha256,
            "MAGPIE_BYTES": "\(image.bytes)",
        ]
        return await run(command, environment, imageID: image.id)
    }

    private enum Outcome: Sendable {
        case done
        case failed(HookFailure)
        /// It was killed, because the crawl ends now.
        case givenUp
    }

    private func run(
        _ command: [String],
        _ environment: [String: String],
        imageID: Int64?
    ) async -> Outcome {
        let started = surroundings.now()
        let process = HookProcess()
        let ending = await withTaskGroup(of: Void.self) { group in
            // Both also come here when the task is cancelled; a process that has ended is not hurt.
            group.addTask {
                try? await self.surroundings.sleep(self.hooks.timeLimit)
                process.kill()
            }
            group.addTask {
                await self.stop.wait(for: .now)
                process.kill()
            }
            let ending = try? await threads.apply { process.run(command, environment) }
            group.cancelAll()
            return ending
        }
        guard let ending, stop.urgency != .now, !Task.isCancelled else { return .givenUp }
        let ended = surroundings.now()
        func failure(_ message: String, code: Int? = nil, signal: Int? = nil) -> Outcome {
            .failed(
                HookFailure(
                    imageID: imageID,
                    command: command,
                    exitCode: code,
                    signal: signal,
                    message: message,
                    ended: ended,
                    took: ended - started
                )
            )
        }
        switch ending {
        case .exited(0): return .done
        case .exited(let code): return failure("exit code \(code)", code: code)
        case .signal(let signal): return failure("ended by signal \(signal)", signal: signal)
        case .killed(let signal): return failure("not over in time", signal: signal)
        case .notStarted(let reason): return failure("can't be started: \(reason)")
        }
    }
}
