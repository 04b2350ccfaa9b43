import CrawlModel
import Fetching
import Foundation
import SampleSite
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct LoopExecutorTests {
    /// Threads that something was seen on.
    private final class Threads: Sendable {
        private let seen = Mutex<Set<pthread_t>>([])

        var count: Int { seen.withLock { $0.count } }

        func note() {
            _ = seen.withLock { $0.insert(pthread_self()) }
        }
    }

    @Test func `tasks that prefer the fetcher work on the thread that takes in bodies`()
        async throws
    {
        try await SampleSite.serve { site in
            let targets = (1...20).map { "/\($0)" }
            for target in targets { site.route(target, to: .init(body: [1])) }
            let fetcher = try Fetcher()
            defer { fetcher.shutdown() }
            let threads = Threads()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for target in targets {
                    group.addTask(executorPreference: fetcher.executor) {
                        threads.note()
                        let sink = RecordingSink { threads.note() }
                        let fetched = try await fetcher.fetch(target, of: site, into: sink)
                        threads.note()
                        #expect(fetched.text == "\u{1}")
                    }
                }
                try await group.waitForAll()
            }
            #expect(threads.count == 1)
        }
    }

    @Test func `a task that prefers the fetcher comes to its end after the fetcher has`()
        async throws
    {
        try await SampleSite.serve { site in
            site.hold("/")
            let fetcher = try Fetcher()
            let waiting = Task(executorPreference: fetcher.executor) {
                let fetched = try await fetcher.fetch("/", of: site)
                await Task.yield()
                return fetched.errorClass
            }
            try await site.requested("/")
            fetcher.shutdown()
            #expect(try await waiting.value == .interrupted)
            let late = Task(executorPreference: fetcher.executor) { 1 }
            #expect(await late.value == 1)
        }
    }
}
