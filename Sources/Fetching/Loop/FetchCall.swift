/// One call of `fetch`, on its way to the fetcher's thread and back.
///
/// Unchecked: `request` and `sink` never change; `progress` is touched by the mailbox under its lock, and
/// `transfer` by the fetcher's thread only.
final class FetchCall: @unchecked Sendable {
    /// How far a call has come, as far as the mailbox knows.
    enum Progress {
        /// Made, not handed over. Next: `posted`, or `givenUp` if its task was cancelled before.
        case made
        /// Handed over to the thread. Next: `givenUp`.
        case posted
        /// Nobody wants the body any more; whether it comes is open.
        case givenUp
    }

    let request: FetchRequest
    let sink: any BodySink
    var progress = Progress.made
    /// What works on it, while something does.
    var transfer: Transfer?

    init(request: FetchRequest, sink: any BodySink) {
        self.request = request
        self.sink = sink
    }
}
