import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A place where a debug build can be made to die, so that tests see what a crash there leaves behind.
///
/// With `MAGPIE_CRASH_AT=n` the process ends itself by SIGKILL when it passes its n-th point, with
/// `MAGPIE_CRASH_AT=renamed` when it passes that one, having said on standard error which it was. A
/// release build knows nothing of it.
package enum CrashPoint: String, CaseIterable, Sendable {
    /// The schema is being made or changed.
    case migrating
    /// A dead run's tasks are being taken back.
    case recovering
    /// A claim is committed.
    case claimed
    /// A part has some of its bytes.
    case receiving
    /// A part has its origin beside it, so that it can be gone on with.
    case marked
    /// A part whose body was cut off is left for the next try.
    case left
    /// A part is complete and accepted.
    case accepted
    /// A corrected path is committed.
    case reserved
    /// Changed pictures are announced; their files have their old names.
    case announced
    /// A changed picture has its name, and the older one the part's.
    case exchanged
    /// A part has become a second name of another picture's file.
    case linked
    /// A batch is synced; no file has its name yet.
    case synced
    /// A file has got its name.
    case renamed
    /// The folders of a batch are synced; nothing is committed.
    case named
    /// Inside the transaction that ends pictures.
    case endingImages
    /// Pictures are committed.
    case imagesEnded
    /// Inside the transaction of a page and its discoveries.
    case endingPage
    /// A page is committed.
    case pageEnded
    /// Inside the transaction that makes failed tasks ready again.
    case retrying
    /// Inside the transaction that makes done pages ready again, or lets pictures be asked for again.
    case refreshing
    /// Inside the transaction that makes broken rows ready again.
    case repairing
    /// Inside the transaction that adds pictures of a list.
    case importing
    /// Inside the transaction that adds what a kept page has.
    case rereading
    /// A changed file is set aside; its row still says done.
    case setAside
    /// Inside the transaction that ends the run.
    case endingRun

    /// Dies here if the time has come.
    @inlinable
    package func pass() {
        #if DEBUG
        count()
        #endif
    }

    #if DEBUG
    @usableFromInline
    func count() {
        guard let text = getenv("MAGPIE_CRASH_AT").map({ String(cString: $0) }) else { return }
        let number = Self.passed.add(1, ordering: .relaxed).newValue
        guard text == rawValue || text == String(number) else { return }
        let message = "crash point \(number): \(rawValue)\n"
        _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        kill(getpid(), SIGKILL)
        // The signal may reach another thread first.
        while true { pause() }
    }

    /// How many points this process has passed; debug builds only.
    private static let passed = Atomic<Int>(0)
    #endif
}
