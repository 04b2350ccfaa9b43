#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Bounds the processor time that one page may take.
///
/// Pages take well under a millisecond. What takes seconds was made to: libxml2 compares each
/// attribute of a tag with all before it, and each end tag with all open elements, so that a page of
/// a few megabytes could keep a thread busy for hours.
struct TimeLimit {
    /// How long a page may take; a thousand times what the largest honest one needs.
    static let seconds = 10

    /// Tells the processor time of the calling thread.
    private let processorTime: @Sendable () -> Duration
    private let end: Duration

    /// A limit that starts now, for the calling thread.
    init(_ processorTime: @escaping @Sendable () -> Duration) {
        self.processorTime = processorTime
        end = processorTime() + .seconds(Self.seconds)
    }

    var isOver: Bool { processorTime() > end }

    func check() throws(ExtractionError) {
        if isOver { throw .tookTooLong }
    }
}

/// The processor time that the calling thread has used.
package func threadProcessorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
