package import CrawlModel
package import Extraction
package import Fetching
import Pools
package import Storage

/// The engine: claim, fetch, extract, commit, until nothing is left.
package struct Crawl: Sendable {
    private let recipe: Recipe
    private let store: Store
    private let vault: Vault
    private let fetcher: Fetcher
    private let extractor: Extractor
    private let surroundings: Surroundings
    private let userAgent: String
    private let stop: StopRequest
    private let savesPictures: Bool
    private let limits: RunLimits
    private let budget: Budget
    /// What happened lately.
    package let journal = Journal()

    /// Ready pictures beyond which no more pages are read: enough to keep every worker busy.
    private static let readAhead = 2000
    /// Threads for parsing, hashing and syncing.
    private static let threads = 2

    /// A crawl of the store's folder.
    ///
    /// - Parameters:
    ///   - recipe: The recipe in force.
    ///   - extractor: The same recipe, compiled.
    ///   - store: The database, which is this run.
    ///   - vault: The files of the same folder.
    ///   - fetcher: The network.
    ///   - userAgent: What magpie calls itself where the recipe says nothing.
    ///   - stop: The user's wish to end.
    ///   - surroundings: Time and chance.
    ///   - limits: How much it does at most.
    ///   - savesPictures: Whether pictures are saved; without it only pages are read.
    package init(
        recipe: Recipe,
        extractor: Extractor,
        store: Store,
        vault: Vault,
        fetcher: Fetcher,
        userAgent: String,
        stop: StopRequest,
        surroundings: Surroundings,
        limits: RunLimits = RunLimits(),
        savesPictures: Bool = true
    ) {
        self.recipe = recipe
        self.extractor = extractor
        self.store = store
        self.vault = vault
        self.fetcher = fetcher
        self.userAgent = userAgent
        self.stop = stop
        self.surroundings = surroundings
        self.savesPictures = savesPictures
        self.limits = limits
        budget = Budget(limits, vault.folder, stop)
    }

    /// Works until nothing is left, a stop is asked for, or the surroundings break.
    ///
    /// However it ends, what this run held and did not finish is ready again.
    ///
    /// - Returns: How it ended: `finished` or `stopped`.
    /// - Throws: `StoreError` if the disk or the database fails; what was committed stays.
    package func run() async throws -> RunEnding {
        do {
            try await ThreadPool.withPool(threads: Self.threads, name: "magpie.work") { threads in
                if recipe.hooks.isEmpty || !savesPictures { return try await work(on: threads) }
                try await workWithHooks(on: threads)
            }
        } catch {
            // The cause matters more than a second error from a store that may be what broke.
            try? await store.end(.broken)
            throw error
        }
        try await store.end(ending)
        return ending
    }

    /// Removes parts of pictures that were saved otherwise, skipped or forgotten meanwhile.
    private func clearParts(on threads: ThreadPool) async throws {
        let ids = vault.tasksWithParts
        let wanted = try await store.unsaved(ids)
        let unwanted = ids.filter { !wanted.contains($0) }
        guard !unwanted.isEmpty else { return }
        try await threads.apply { [vault] in for id in unwanted { vault.discardPart(id) } }
    }

    private var ending: RunEnding {
        // A limit that was reached with the last task has stopped nothing.
        let isFinished = stop.urgency == .none || stop.limit != nil && store.tally.isIdle
        return isFinished ? .finished : .stopped
    }

    private func workWithHooks(on threads: ThreadPool) async throws {
        let hooks = recipe.hooks
        try await ThreadPool.withPool(threads: hooks.atOnce, name: "magpie.hooks") { hookThreads in
            let runner = HookRunner(
                hooks,
                store: store,
                folder: vault.folder.absolutePath,
                stop: stop,
                surroundings: surroundings,
                threads: hookThreads
            )
            try await work(on: threads, runner)
            if stop.urgency != .now { try await runner.runAtEnd(ending) }
        }
    }

    private func work(on threads: ThreadPool, _ hooks: HookRunner? = nil) async throws {
        try await clearParts(on: threads)
        if recipe.duplicates != .keep { try await store.indexDigests() }
        if recipe.hooks.onImage == nil { try await store.dropDueHooks() }
        let bell = Bell()
        let pages = pagePool(bell)
        let images = imagePool(bell, threads) { !pages.isOver }
        let gate = gate(bell, threads)
        let pageWorker = pageWorker(gate, threads)
        let imageWorker = imageWorker(gate, threads)
        let committer = committer(threads)

        // All but the hooks works where the answers come in; what blocks or computes goes to `threads`.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: fetcher.executor) {
                try await committer.run { count, saved in
                    budget.end(count, saved: saved)
                    images.close(count)
                }
                hooks?.nothingMoreComes()
                bell.ring()
            }
            group.addTask {
                try await hooks?.run(bell)
            }
            group.addTask(executorPreference: fetcher.executor) {
                defer { committer.close() }
                try await unlessStopped(bell) {
                    try await withThrowingTaskGroup(of: Void.self) { pools in
                        pools.addTask {
                            try await pages.run { task in
                                try await pageWorker.work(task)
                                pages.close()
                            }
                        }
                        guard savesPictures else { return try await pools.untilFirstError() }
                        pools.addTask {
                            try await images.run { claim in
                                guard let image = try await imageWorker.work(claim) else { return }
                                try await committer.put(image)
                                guard budget.receive(image.bytesReceived) else { return }
                                try await threads.apply { [budget] in try budget.requireRoom() }
                            }
                        }
                        try await pools.untilFirstError()
                    }
                }
            }
            try await group.untilFirstError()
        }
    }

    /// Runs the pools until they end by themselves; wakes them when a stop is asked for, and cancels them
    /// when it is asked for now.
    private func unlessStopped(
        _ bell: Bell,
        _ pools: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pools() }
            group.addTask {
                await stop.wait(for: .soon)
                bell.ring()
                await stop.hurryAfterLimit(surroundings)
                await stop.wait(for: .now)
            }
            if let time = limits.time {
                group.addTask {
                    try? await surroundings.sleep(time)
                    if !Task.isCancelled { stop.reach(.time) }
                    await stop.wait(for: .now)
                }
            }
            do {
                try await group.next()
                group.cancelAll()
                try await group.untilFirstError()
            } catch is CancellationError where stop.urgency == .now {
                // What was given up in the middle is ready again when the run ends.
            }
        }
    }
}

extension ThrowingTaskGroup where ChildTaskResult == Void {
    /// Waits for all tasks, but throws the first error at once, so that leaving the group's body with it
    /// cancels the others; `waitForAll` would wait for them first.
    mutating func untilFirstError() async throws {
        while try await next() != nil {}
    }
}

// The parts, put together.
extension Crawl {
    private var requests: RequestMaker { RequestMaker(recipe: recipe, userAgent: userAgent) }

    private var retries: RetryDecision {
        RetryDecision(policy: recipe.retries, surroundings: surroundings)
    }

    private func gate(_ bell: Bell, _ threads: ThreadPool) -> HostGate {
        HostGate(
            store: store,
            fetcher: fetcher,
            robots: RobotsKeeper(
                store: store,
                fetcher: fetcher,
                requests: requests,
                politeness: recipe.politeness,
                threads: threads,
                now: surroundings.now
            ),
            policy: recipe.retries,
            politeness: recipe.politeness,
            surroundings: surroundings,
            bell: bell
        )
    }

    private func pagePool(_ bell: Bell) -> TaskPool<PageTask> {
        TaskPool(
            workers: recipe.workers.pages,
            source: .init(
                claim: { [store] in try await store.claimPages(limit: $0) },
                nextClaim: { [store] in try await store.nextClaim(.page) },
                mayClaim: { [store, savesPictures] in
                    !savesPictures || store.tally.tasks(.image, .ready) < Self.readAhead
                },
                isFed: { false }
            ),
            bell: bell,
            stop: stop,
            surroundings: surroundings
        )
    }

    private func imagePool(
        _ bell: Bell,
        _ threads: ThreadPool,
        isFed: @escaping @Sendable () -> Bool
    ) -> TaskPool<ClaimedImage> {
        TaskPool(
            workers: recipe.workers.images,
            source: .init(
                claim: { [store, vault, budget] limit in
                    let room = min(limit, budget.room)
                    var tasks = try await store.claimImages(limit: room)
                    // What is new comes first.
                    if tasks.count < room, store.tally.tasks(.refresh, .ready) > 0 {
                        tasks += try await store.claimRefreshes(limit: room - tasks.count)
                    }
                    budget.claim(tasks.count)
                    guard !tasks.isEmpty else { return [] }
                    let present = try await threads.apply { [tasks] in
                        try budget.requireRoom()
                        return vault.present(tasks)
                    }
                    return tasks.map { ClaimedImage(task: $0, isOnDisk: present.contains($0.id)) }
                },
                nextClaim: { [store] in
                    let next = try await store.nextClaim(.image)
                    guard store.tally.tasks(.refresh, .ready) > 0 else { return next }
                    return next.or(try await store.nextClaim(.refresh))
                },
                mayClaim: { [budget] in budget.room > 0 },
                isFed: isFed
            ),
            bell: bell,
            stop: stop,
            surroundings: surroundings
        )
    }

    private func pageWorker(_ gate: HostGate, _ threads: ThreadPool) -> PageWorker {
        PageWorker(
            recipe: recipe,
            extractor: extractor,
            requests: requests,
            gate: gate,
            store: store,
            threads: threads,
            retries: retries,
            journal: journal,
            now: surroundings.now
        )
    }

    private func imageWorker(_ gate: HostGate, _ threads: ThreadPool) -> ImageWorker {
        ImageWorker(
            requests: requests,
            gate: gate,
            vault: vault,
            threads: threads,
            retries: retries,
            bytesMax: recipe.limits.image,
            now: surroundings.now
        )
    }

    private func committer(_ threads: ThreadPool) -> Committer {
        Committer(
            recipe: recipe,
            store: store,
            vault: vault,
            threads: threads,
            journal: journal,
            surroundings: surroundings
        )
    }
}
