import Testing

@testable import SampleSite

@Suite(.timeLimit(.minutes(1)))
struct WatchedTests {
    @Test func `whoever waits goes on when the condition holds`() async throws {
        let watched = Watched(0)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for goal in 1...3 {
                group.addTask {
                    try await watched.wait { $0 >= goal }
                    return goal
                }
            }
            for goal in 1...3 {
                watched.update { $0 += 1 }
                let reached = try await group.next()
                #expect(reached == goal)
            }
        }
    }

    @Test func `a condition that holds already is not waited for`() async throws {
        try await Watched(1).wait { $0 == 1 }
    }

    @Test func `a cancelled wait ends`() async throws {
        let watched = Watched(0)
        let looks = Watched(0)
        await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...100 {
                group.addTask {
                    try await watched.wait { value in
                        looks.update { $0 += 1 }
                        return value == 1
                    }
                }
            }
            // Some of them wait already: each looks once before, and again at each update.
            while looks.value < 200 {
                watched.update { $0 = 0 }
                await Task.yield()
            }
            group.cancelAll()
            var cancelled = 0
            while let result = await group.nextResult() {
                if case .failure(is CancellationError) = result { cancelled += 1 }
            }
            #expect(cancelled == 100)
        }
    }
}
