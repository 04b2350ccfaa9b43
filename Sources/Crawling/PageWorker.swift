import CrashPoints
import CrawlModel
import Extraction
import Fetching
import Pools
import Storage

/// Takes one listing page from its claim to its commit.
struct PageWorker: Sendable {
    let recipe: Recipe
    let extractor: Extractor
    let requests: RequestMaker
    let gate: HostGate
    let store: Store
    let threads: ThreadPool
    let retries: RetryDecision
    let journal: Journal
    let now: @Sendable () -> Timestamp

    /// Fetches, reads and commits the page, or gives it back; gives it up without a trace if the crawl is
    /// to end now.
    ///
    /// - Throws: `StoreError` if the commit fails.
    func work(_ task: PageTask) async throws {
        let started = now()
        let body = MemoryBody()
        let passage = try await gate.fetch(requests.page(task), into: body)
        if Task.isCancelled { return }
        switch passage {
        case .later: try await store.release(.page, ids: [task.id])
        case .forbidden(let failure): try await end(task, .skipped(failure), started)
        case .hopeless(let failure): try await fail(task, failure, .never, started)
        case .fetched(.failed(let failure)):
            try await fail(task, failure, retries.verdict(on: failure, tries: task.tries), started)
        case .fetched(.unchanged):
            let ended = now()
            try await store.finish(unchangedPage: task.id, ended: ended, took: ended - started)
            CrashPoint.pageEnded.pass()
        case .fetched(.response(let response)):
            let place = recipe.hasLevels ? try await store.place(ofPage: task.id) : .start
            switch try await read(body, response, place) {
            case .failure(let failure):
                let verdict = retries.verdict(on: failure, tries: task.tries)
                try await fail(task, failure, verdict, started)
            case .success(let page):
                let ended = now()
                _ = try await store.finish(
                    page: TaskEnding(
                        taskID: task.id,
                        outcome: .done(page),
                        ended: ended,
                        took: ended - started
                    ),
                    onConflict: recipe.onConflict,
                    pagesMax: recipe.pagesMax
                )
                CrashPoint.pageEnded.pass()
            }
        }
    }

    private func read(
        _ body: MemoryBody,
        _ response: FetchResponse,
        _ place: PagePlace
    ) async throws -> Result<ReadPage, Failure> {
        // Parsing is work for a processor, not for the threads that Swift's tasks share.
        try await threads.apply { [recipe, extractor] in
            let bytes = body.bytes
            do throws(ExtractionError) {
                let reading = try extractor.read(
                    bytes,
                    contentType: response.contentType,
                    address: response.address,
                    place: place
                )
                var page = ReadPage(
                    reading: reading,
                    bytes: bytes.count,
                    status: response.status,
                    validator: response.validator?.text,
                    place: place
                ) {
                    recipe.path.path(of: $0, page: response.address)
                }
                if recipe.keepsPages { page.body = PageBody(bytes, of: response) }
                return .success(page)
            } catch {
                let failure = Failure(
                    .extraction,
                    "\(error)",
                    status: response.status,
                    bytes: bytes.count
                )
                return .failure(failure)
            }
        }
    }

    private func fail(
        _ task: PageTask,
        _ failure: Failure,
        _ verdict: RetryDecision.Verdict,
        _ started: Timestamp
    ) async throws {
        try await end(
            task,
            .failed(failure, due: verdict.due, counts: verdict.counts),
            started
        )
        journal.note(failure, of: "\(task.address)", isFinal: verdict.due == nil)
    }

    private func end(
        _ task: PageTask,
        _ outcome: TaskEnding<Never>.Outcome,
        _ started: Timestamp
    ) async throws {
        let ended = now()
        try await store.finish(
            failedPage: TaskEnding(
                taskID: task.id,
                outcome: outcome,
                ended: ended,
                took: ended - started
            )
        )
    }
}

extension PageBody {
    /// The body of an answer, packed.
    fileprivate init(_ bytes: [UInt8], of response: FetchResponse) {
        self.init(
            address: response.address,
            status: response.status,
            contentType: response.contentType,
            bytes: bytes.count,
            packed: Packing.packed(bytes)
        )
    }
}
