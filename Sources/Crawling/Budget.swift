import Storage
import Synchronization

/// What a run has used up of its limits, and asks for its end when that is all.
final class Budget: Sendable {
    private struct State {
        /// Pictures that are claimed and not committed.
        var inFlight = 0
        var saved = 0
        var bytes = 0
        /// Bytes that came since the disk was looked at.
        var unseen = 0
    }

    private let limits: RunLimits
    private let folder: CrawlFolder
    private let stop: StopRequest
    private let state = Mutex(State())

    /// After so many bytes the disk is looked at again: a quarter of what is kept free on most.
    private static let unseenMax = 16_000_000

    init(_ limits: RunLimits, _ folder: CrawlFolder, _ stop: StopRequest) {
        self.limits = limits
        self.folder = folder
        self.stop = stop
    }

    /// How many pictures may be claimed now: each of them may be saved.
    var room: Int {
        guard let images = limits.images else { return .max }
        return state.withLock { images - $0.saved - $0.inFlight }
    }

    /// Notes that pictures were claimed.
    func claim(_ count: Int) { state.withLock { $0.inFlight += count } }

    /// Notes that claimed pictures are over, and how many of them are saved now.
    func end(_ count: Int, saved: Int) {
        let isReached = state.withLock { state in
            state.inFlight -= count
            state.saved += saved
            return limits.images.map { state.saved >= $0 } ?? false
        }
        if isReached { stop.reach(.images) }
    }

    /// Notes bytes of a picture that came, kept or not.
    ///
    /// - Returns: Whether the disk is to be looked at.
    func receive(_ bytes: Int) -> Bool {
        let (isReached, isDue) = state.withLock { state in
            state.bytes += bytes
            state.unseen += bytes
            let isDue = state.unseen >= Self.unseenMax
            if isDue { state.unseen = 0 }
            return (limits.bytes.map { state.bytes >= $0 } ?? false, isDue)
        }
        if isReached { stop.reach(.bytes) }
        return isDue
    }

    /// Refuses to go on where too little is free; blocks for as long as the system takes to say so.
    ///
    /// - Throws: `StoreError.diskLow`.
    func requireRoom() throws(StoreError) {
        try FileSystem.requireRoom(in: folder, keeping: limits.freeBytes)
    }
}
