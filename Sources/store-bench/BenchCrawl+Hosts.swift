import CrawlModel
import Storage

// Many hosts, one of which has nine pictures of ten.
extension BenchCrawl {
    /// What claims cost, and how the large host and the others came to their turns.
    struct Turns {
        /// Milliseconds of each claim, in ascending order.
        var claims: [Double] = []
        /// The most tasks of the large host that were held at once.
        var heldOfLarge = 0
        /// Tasks of the large host that were claimed until the others had none.
        var takenOfLarge = 0

        var median: Double { claims[claims.count / 2] }
        /// What all but one in a hundred stay below.
        var nearlyAll: Double { claims[claims.count * 99 / 100] }
        var most: Double { claims[claims.count - 1] }
    }

    /// Claims as many as 30 workers do until only the large host has pictures left; all that is claimed is
    /// over before the next claim.
    ///
    /// - Parameter connections: What each host is asked for at once.
    /// - Returns: What it cost.
    /// - Throws: `StoreError`.
    func takeTurns(_ connections: Int) async throws -> Turns {
        let store = try open(connections: connections)
        var turns = Turns()
        var othersLeft = known / 10
        while othersLeft > 0 {
            var tasks: [ImageTask] = []
            let took = try await ContinuousClock().measure {
                tasks = try await store.claimImages(limit: 60)
            }
            precondition(!tasks.isEmpty, "\(othersLeft) pictures are not there")
            turns.claims.append(took / .milliseconds(1))
            let large = tasks.count { $0.address.authority == Self.host(0) }
            turns.heldOfLarge = max(turns.heldOfLarge, large)
            turns.takenOfLarge += large
            othersLeft -= tasks.count - large
            let lost = try await store.finish(images: tasks.map(saved))
            precondition(lost == 0, "\(lost) pictures were not held")
            for task in tasks {
                _ = store.paces.with(task.address.authority) { $0.free(at: Self.now()) }
            }
        }
        turns.claims.sort()
        try await store.end(.finished)
        return turns
    }

    /// The host of a picture: one of four in turn, or of many the first for nine of ten.
    func host(ofPicture number: Int) -> String {
        guard hosts > 4 else { return Self.host(number % 4) }
        return Self.host(number % 10 == 0 ? 1 + number / 10 % (hosts - 1) : 0)
    }

    private static func host(_ number: Int) -> String {
        "127.0.\(number / 250).\(2 + number % 250):8080"
    }
}
