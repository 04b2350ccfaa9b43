import Synchronization

/// Hands calls over to the fetcher's thread, and wakes it only where it may be asleep.
final class Mailbox: Sendable {
    /// A call, and who waits for its outcome.
    typealias Posted = (call: FetchCall, continuation: CheckedContinuation<FetchOutcome, Never>)

    /// What has come since the thread last looked.
    struct Mail {
        var posted: [Posted] = []
        var givenUp: [FetchCall] = []
        /// Steps of tasks that prefer the thread.
        var jobs: [UnownedJob] = []
        var isStopping = false

        var hasLetters: Bool { !(posted.isEmpty && givenUp.isEmpty && jobs.isEmpty) }
    }

    private struct State {
        var mail = Mail()
        var isAsleep = false
    }

    private let state = Mutex(State())
    private let doorbell: Doorbell

    /// - Throws: `FetchError` if the system has no descriptors left.
    init() throws(FetchError) { doorbell = try Doorbell() }

    /// What to watch while asleep; readable when there is mail.
    var descriptor: Int32 { doorbell.descriptor }

    /// Hands over a call.
    ///
    /// - Returns: Whether the thread will resume the continuation; if not, the caller has to.
    func post(
        _ call: FetchCall,
        _ continuation: CheckedContinuation<FetchOutcome, Never>
    ) -> Bool {
        deliver { mail in
            guard call.progress == .made, !mail.isStopping else { return false }
            call.progress = .posted
            mail.posted.append((call, continuation))
            return true
        }
    }

    /// Ends a call early, or keeps it from being posted.
    func giveUp(_ call: FetchCall) {
        _ = deliver { mail in
            defer { call.progress = .givenUp }
            guard call.progress == .posted else { return false }
            mail.givenUp.append(call)
            return true
        }
    }

    /// Hands over a step of a task.
    ///
    /// - Returns: Whether the thread will run it; if not, it has been stopped.
    func post(_ job: UnownedJob) -> Bool {
        deliver { mail in
            guard !mail.isStopping else { return false }
            mail.jobs.append(job)
            return true
        }
    }

    /// Ends everything; no call is taken from now on.
    func stop() {
        _ = deliver { mail in
            mail.isStopping = true
            return true
        }
    }

    /// Takes all mail.
    ///
    /// Only for the thread, which is awake from now on.
    ///
    /// - Parameter mail: Empty, so that its memory can be used for what comes next.
    /// - Returns: Whether there is any; what says stop comes with the last there is.
    func take(_ mail: inout Mail) -> Bool {
        state.withLock { state in
            state.isAsleep = false
            mail.isStopping = state.mail.isStopping
            guard state.mail.hasLetters else { return false }
            swap(&mail.posted, &state.mail.posted)
            swap(&mail.givenUp, &state.mail.givenUp)
            swap(&mail.jobs, &state.mail.jobs)
            return true
        }
    }

    /// Notes that the thread is about to sleep.
    ///
    /// - Returns: Whether it may: not with mail waiting.
    func mayFallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = !state.mail.hasLetters && !state.mail.isStopping
            return state.isAsleep
        }
    }

    /// Makes the descriptor silent again after it was readable.
    func silence() { doorbell.silence() }

    private func deliver(_ put: (inout Mail) -> Bool) -> Bool {
        let (isTaken, isToBeWoken) = state.withLock { state in
            guard put(&state.mail) else { return (false, false) }
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if isToBeWoken { doorbell.ring() }
        return isTaken
    }
}
