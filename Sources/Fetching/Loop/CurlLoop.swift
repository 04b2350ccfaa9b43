import CCurl
import CrawlModel

/// Drives libcurl's multi handle, from the first call to the end of the fetcher.
///
/// One thread runs it and nobody else touches it. It sleeps in one `poll` over all sockets and the mailbox,
/// and tells curl which sockets are ready, so that a round costs as much as it has work.
final class CurlLoop {
    private let mailbox: Mailbox
    private let executor: LoopExecutor
    private let multi: UnsafeMutableRawPointer
    private let jar: CookieJar
    private let settings: FetchSettings
    private let throttle: Throttle?
    private let sockets = PollSet()
    /// Every transfer there is, which keeps those alive that only curl points to.
    private var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    private var mail = Mailbox.Mail()
    private var ready: [PollSet.Event] = []

    /// How often mail is taken before the sockets are looked at again.
    private static let turnsMax = 8

    /// - Throws: `FetchError.libraryFailed` if curl can't be set up.
    init(mailbox: Mailbox, executor: LoopExecutor, settings: FetchSettings) throws(FetchError) {
        guard let multi = curl_multi_init() else { throw .libraryFailed(doing: "transfers") }
        do throws(FetchError) {
            jar = try CookieJar(settings.cookies)
        } catch {
            curl_multi_cleanup(multi)
            throw error
        }
        self.mailbox = mailbox
        self.executor = executor
        self.multi = multi
        self.settings = settings
        throttle = settings.bytesPerSecond.map { Throttle(bytesPerSecond: $0, now: .now) }
        check(ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.connectionsMax))
        let noteInterest: curl_socket_callback = { _, socket, interest, sockets, _ in
            guard let sockets else { return 0 }
            let set = Unmanaged<PollSet>.fromOpaque(sockets).takeUnretainedValue()
            if interest == CURL_POLL_REMOVE {
                set.forget(socket)
            } else {
                set.watch(socket, for: interest)
            }
            return 0
        }
        // Unretained: the set lives as long as the multi handle, both being this loop's.
        let set = Unmanaged.passUnretained(sockets).toOpaque()
        check(ccurl_multi_set_socket(multi, noteInterest, set))
        sockets.watch(mailbox.descriptor, for: CURL_POLL_IN)
    }

    deinit {
        // Handles before what they use.
        transfers = []
        idle = []
        curl_multi_cleanup(multi)
    }

    /// Works until the mailbox says stop; then ends what is running.
    func run() {
        while true {
            // What tasks do with an answer is mostly another call: it goes out in the same round. But no task
            // keeps the sockets waiting, however many steps it has.
            var turns = 0
            while turns < Self.turnsMax || mail.isStopping, mailbox.take(&mail) {
                handle(&mail)
                turns += 1
            }
            guard !mail.isStopping else { break }

            throttle?.serve(goOn)
            let wait = timeUntilNextTurn()
            guard wait != 0 else {
                act(CURL_SOCKET_TIMEOUT, 0)
                concludeAll()
                continue
            }
            sockets.wait(mailbox.mayFallAsleep() ? wait : 0, into: &ready)
            for event in ready { act(event.descriptor, event.actions) }
            concludeAll()
        }
        for transfer in transfers { transfer.call.map(giveUp) }
    }

    private func handle(_ mail: inout Mailbox.Mail) {
        for posted in mail.posted { begin(posted) }
        mail.posted.removeAll(keepingCapacity: true)
        for call in mail.givenUp { giveUp(call) }
        mail.givenUp.removeAll(keepingCapacity: true)
        for job in mail.jobs { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
        mail.jobs.removeAll(keepingCapacity: true)
    }

    /// Milliseconds until curl wants to be called again; -1 if it waits for sockets only.
    private func timeUntilNextTimer() -> Int {
        var wait = 0
        check(curl_multi_timeout(multi, &wait))
        return wait
    }

    /// The same, or until a transfer that waits for its turn has it.
    private func timeUntilNextTurn() -> Int {
        let wait = timeUntilNextTimer()
        guard let turn = throttle?.wait else { return wait }
        return wait < 0 ? turn : min(wait, turn)
    }

    private func act(_ descriptor: Int32, _ actions: Int32) {
        guard descriptor != mailbox.descriptor else { return mailbox.silence() }
        var running: Int32 = 0
        check(curl_multi_socket_action(multi, descriptor, actions, &running))
    }

    private func concludeAll() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left)?.pointee {
            // Both fields before anything else: the message is gone with its handle.
            let (easy, code) = (message.easy_handle, message.data.result)
            guard message.msg == CURLMSG_DONE, let easy else { continue }
            conclude(Transfer.of(easy), code)
        }
    }

    private func check(_ code: CURLMcode) {
        // What is left are lack of memory and misuse.
        precondition(code == CURLM_OK, "libcurl: \(String(cString: curl_multi_strerror(code)))")
    }
}

// The life of one transfer.
extension CurlLoop {
    private func begin(_ posted: Mailbox.Posted) {
        guard let transfer = idle.popLast() ?? makeTransfer() else {
            let failure = Failure(.connect, "libcurl has no memory for another transfer")
            posted.call.sink.abandon()
            return posted.continuation.resume(returning: .failed(failure))
        }
        transfer.begin(posted)
        start(transfer)
    }

    private func makeTransfer() -> Transfer? {
        let transfer = Transfer(jar: jar, settings: settings, throttle: throttle)
        if let transfer { transfers.append(transfer) }
        return transfer
    }

    /// Sends the request for the address that the transfer has come to.
    private func start(_ transfer: Transfer) {
        if let failure = transfer.prepare() {
            end(transfer, .failed(failure))
        } else {
            check(curl_multi_add_handle(multi, transfer.handle))
        }
    }

    private func conclude(_ transfer: Transfer, _ code: CURLcode) {
        check(curl_multi_remove_handle(multi, transfer.handle))
        jar.note(transfer.cookieCount, by: transfer.handle)
        switch transfer.conclude(code) {
        case .over(let outcome): end(transfer, outcome)
        case .redirected: start(transfer)
        }
    }

    /// Hands over what a transfer was not allowed to take, and lets it be read again.
    private func goOn(_ transfer: Transfer) {
        let code = curl_easy_pause(transfer.handle, CURLPAUSE_CONT)
        // What the sink refuses then is told here and nowhere else.
        if code != CURLE_OK { conclude(transfer, code) }
    }

    private func giveUp(_ call: FetchCall) {
        // A call that ended meanwhile has none.
        guard let transfer = call.transfer else { return }
        check(curl_multi_remove_handle(multi, transfer.handle))
        end(transfer, .failed(.givenUp))
    }

    private func end(_ transfer: Transfer, _ outcome: FetchOutcome) {
        throttle?.forget(transfer)
        transfer.end(outcome)
        idle.append(transfer)
    }
}
