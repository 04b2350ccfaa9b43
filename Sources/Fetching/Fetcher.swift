import CCurl
import CrawlModel
import Synchronization

/// Fetches over HTTP: many transfers at once, all on one thread that drives libcurl.
///
/// Connections are kept open and used again, HTTP/2 is spoken where a TLS server offers it, and all
/// transfers share one cookie jar, which lives as long as the fetcher. Only http and https are spoken,
/// whatever an address or a redirect says.
package final class Fetcher: Sendable {
    private let mailbox: Mailbox
    /// Runs the steps of tasks on the fetcher's thread, between what it does for transfers.
    package let executor: LoopExecutor
    private let thread: Mutex<JoinableThread?>

    /// What the libcurl in this process is and can do.
    package static var versions: CurlVersions { CurlVersions() }

    /// Starts the thread.
    ///
    /// - Parameter settings: What holds for all it fetches.
    /// - Throws: `FetchError` if libcurl can't be used or the system is out of something.
    package init(_ settings: FetchSettings = FetchSettings()) throws(FetchError) {
        precondition(settings.connectionsMax > 0, "no transfer works without a connection")
        guard Self.globalCode == CURLE_OK else { throw .libraryFailed(doing: "global set-up") }
        try CurlVersions().requireWhatIsNeeded()
        mailbox = try Mailbox()
        executor = LoopExecutor(mailbox)
        let loop = try CurlLoop(mailbox: mailbox, executor: executor, settings: settings)
        // Nobody else has the loop: from here on the new thread is the only one to touch it.
        nonisolated(unsafe) let handedOver = loop
        thread = Mutex(try JoinableThread { handedOver.run() })
    }

    deinit { shutdown() }

    /// Fetches one address.
    ///
    /// Cancelling the task ends the transfer at once, with a failure of class `interrupted`.
    ///
    /// - Parameters:
    ///   - request: What to fetch.
    ///   - sink: Where the body goes; not touched any more once this returns.
    /// - Returns: How it ended; never a broken answer as a success.
    package func fetch(_ request: FetchRequest, into sink: any BodySink) async -> FetchOutcome {
        let call = FetchCall(request: request, sink: sink)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !mailbox.post(call, continuation) else { return }
                sink.abandon()
                continuation.resume(returning: .failed(.givenUp))
            }
        } onCancel: {
            mailbox.giveUp(call)
        }
    }

    /// Ends what is running, with failures of class `interrupted`, and waits for the thread to end.
    ///
    /// Takes milliseconds, since the thread never waits for the network while it is wanted. May be called
    /// again, and by several at once; a fetch after it fails with class `interrupted`.
    package func shutdown() {
        mailbox.stop()
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// libcurl's own set-up, done once a process.
    private static let globalCode = curl_global_init(ccurl_global_default)
}

extension Failure {
    /// The fetch was cancelled or the fetcher shut down: nothing that the server did.
    static let givenUp = Failure(.interrupted, "the transfer was given up before its end")
}
