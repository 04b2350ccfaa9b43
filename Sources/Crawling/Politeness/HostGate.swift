import CrawlModel
import Fetching
import Storage

/// The one way to a host: every request of a task passes it, and is counted and paced there.
///
/// A claimed task takes up room at its host until it has passed, or was turned away.
struct HostGate: Sendable {
    /// What came of a task that wanted to pass.
    enum Passage: Sendable {
        /// It was asked for.
        case fetched(FetchOutcome)
        /// The host wants to be left alone for now: the task is to be given back.
        case later
        /// It must never be asked for: its host's robots.txt forbids it.
        case forbidden(Failure)
        /// It can't be asked for: its host was given up.
        case hopeless(Failure)
    }

    let store: Store
    let fetcher: Fetcher
    let robots: RobotsKeeper
    let policy: RetryPolicy
    let politeness: Politeness
    let surroundings: Surroundings
    /// Wakes who waits for room.
    let bell: Bell

    /// A task that has to wait for longer is given back, so that it holds up no worker.
    private static let patience = Duration.seconds(1)

    /// Fetches what a task is about, when its host may be asked.
    ///
    /// - Throws: `StoreError` if what the host said can't be kept.
    func fetch(_ request: FetchRequest, into sink: any BodySink) async throws -> Passage {
        let host = request.address.authority
        do {
            if let refusal = try await refusal(of: request) {
                free(host)
                return refusal
            }
        } catch {
            free(host)
            throw error
        }
        let started = surroundings.now()
        let outcome = await fetcher.fetch(request, into: sink)
        free(host) { pace in
            note(outcome, started: started, at: surroundings.now(), &pace)
        }
        return .fetched(outcome)
    }

    /// Notes that a claimed task needs nothing of its host.
    func pass(_ address: WebAddress) { free(address.authority) }

    private func free(_ host: String, _ note: (inout HostPace) -> Void = { _ in }) {
        let now = surroundings.now()
        let wasFull = store.paces.with(host) { pace in
            // Before the rest, which may make room by itself.
            let wasFull = pace.free(at: now)
            note(&pace)
            return wasFull
        }
        if wasFull == true { bell.ring() }
    }

    /// Waits for the request's turn; says why it has none.
    private func refusal(of request: FetchRequest) async throws -> Passage? {
        let host = request.address.authority
        if let failure = givenUp(host) { return .hopeless(failure) }
        if politeness.robots == .obey {
            let now = surroundings.now()
            if store.paces.with(host, { $0.needsRobots(at: now) }) == true {
                guard await mayStart(host) else { return .later }
                guard try await robots.renew(of: request) else {
                    return givenUp(host).map { .hopeless($0) } ?? .later
                }
                // So far the host had room for this task only.
                bell.ring()
            }
            guard try await robots.allow(request.address) else {
                return .forbidden(Failure(.robots, "robots.txt forbids it"))
            }
        }
        return await mayStart(host) ? nil : .later
    }

    private func givenUp(_ host: String) -> Failure? {
        store.paces.with(host) { pace in
            guard pace.memory.breaker.hasGivenUp else { return nil }
            let failures = pace.memory.breaker.failures
            return Failure(
                pace.lastFailure ?? .connect,
                "not asked: \(host) was given up after \(failures) failures in a row"
            )
        } ?? nil
    }

    /// Waits until the delay since the last request to the host is over.
    ///
    /// - Returns: `false` if that takes too long, or the crawl is to end.
    private func mayStart(_ host: String) async -> Bool {
        let now = surroundings.now()
        let wait = store.paces.with(host) { $0.start(at: now, patience: Self.patience) }
        guard let wait = wait ?? .zero else { return false }
        if wait > .zero { try? await surroundings.sleep(wait) }
        return !Task.isCancelled
    }

    /// What an outcome tells about the host.
    private func note(
        _ outcome: FetchOutcome,
        started: Timestamp,
        at now: Timestamp,
        _ pace: inout HostPace
    ) {
        switch outcome {
        case .response(let response), .unchanged(let response):
            pace.succeed(started: started, latency: response.firstByte, at: now)
        case .failed(let failure) where failure.isElsewhere:
            pace.succeed(started: started, latency: nil, at: now)
        // A body that is cut off after so much got on: it is no host from which nothing comes.
        case .failed(let failure) where failure.bytes >= PartFile.keptBytesMin:
            pace.succeed(started: started, latency: nil, at: now)
        case .failed(let failure) where policy.blamesHost(for: failure):
            let retryAfter = failure.retryAfter.flatMap {
                RetryAfter.wait($0, from: now, cap: politeness.longestWait)
            }
            pace.fail(failure.errorClass, started: started, retryAfter: retryAfter, at: now)
        case .failed(let failure) where failure.status != nil && failure.errorClass != .http5xx:
            pace.succeed(started: started, latency: nil, at: now)
        case .failed: break
        }
    }
}
