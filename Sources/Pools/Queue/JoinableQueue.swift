/// A queue between producers and consumers that can tell when everything put into it has been dealt with.
///
/// First in, first out. Threads and tasks may wait side by side, and are served in the order in which they
/// began to wait: an element is handed to the one who has waited longest, and cannot be snatched by a
/// newcomer. The calls that block are for threads; in a task the compiler picks the `async` ones.
public final class JoinableQueue<Element: Sendable>: Sendable {
    private struct Putter {
        let element: Element
        let waiter: Waiter<PutOutcome>
    }

    private struct State {
        var elements = RingBuffer<Element>()
        /// Elements that were put and not yet reported as done.
        var unfinished = 0
        var isClosed = false
        var getters = RingBuffer<Waiter<GetOutcome>>()
        var putters = RingBuffer<Putter>()
        var joiners = RingBuffer<Waiter<Void>>()
    }

    private enum PutOutcome { case done, closed, cancelled }
    private enum GetOutcome { case element(Element), closed, cancelled }

    /// How many elements the queue holds at most; `nil` if there is no bound.
    public let capacity: Int?
    private let state = Monitor(State())

    /// An empty queue.
    ///
    /// - Parameter capacity: How many elements it holds at most, at least 1; `nil` for no bound.
    public init(capacity: Int? = nil) {
        if let capacity { precondition(capacity > 0, "a queue holds at least one element") }
        self.capacity = capacity
    }

    /// How many elements wait to be got; others may change it at any time.
    public var count: Int { state.withLock { $0.elements.count } }

    /// How many threads and tasks wait in each of the lines.
    var waiting: (getters: Int, putters: Int, joiners: Int) {
        state.withLock { ($0.getters.count, $0.putters.count, $0.joiners.count) }
    }

    // MARK: Putting

    /// Puts an element in, and blocks the thread while the queue is full.
    ///
    /// - Parameter element: What to put; it counts as unfinished until `taskDone()`.
    /// - Throws: `PoolError.closed` if the queue is closed, or is while the thread waits.
    @available(*, noasync, message: "blocks a thread; await put instead")
    public func put(_ element: Element) throws(PoolError) {
        let parked = Monitor<PutOutcome?>(nil)
        let outcome = state.withLock { offer(element, orWait: .thread(parked), &$0) }
        try check(wakeReceiver(of: outcome) ?? parked.wait { $0 })
    }

    /// Puts an element in, and suspends the task while the queue is full.
    ///
    /// - Parameter element: What to put; it counts as unfinished until `taskDone()`.
    /// - Throws: `PoolError.closed` if the queue is closed, or is while the task waits;
    ///   `CancellationError` if the task was cancelled before there was room.
    public func put(_ element: Element) async throws {
        let ticket = Ticket()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Offer in
                    if Task.isCancelled { return .ended(.cancelled) }
                    return offer(element, orWait: .task(ticket, continuation), &state)
                }
                if let outcome = wakeReceiver(of: outcome) {
                    continuation.resume(returning: outcome)
                }
            }
        } onCancel: {
            let putter = state.withLock { $0.putters.removeFirst { $0.waiter.has(ticket) } }
            putter?.waiter.wake(.cancelled)
        }
        if case .cancelled = outcome { throw CancellationError() }
        try check(outcome)
    }

    private enum Offer {
        case ended(PutOutcome)
        case handed(Waiter<GetOutcome>, Element)
        case waits
    }

    private func offer(
        _ element: Element,
        orWait waiter: Waiter<PutOutcome>,
        _ state: inout State
    ) -> Offer {
        if state.isClosed { return .ended(.closed) }
        if let getter = state.getters.popFirst() {
            state.unfinished += 1
            return .handed(getter, element)
        }
        guard state.elements.count < capacity ?? Int.max else {
            state.putters.append(Putter(element: element, waiter: waiter))
            return .waits
        }
        state.unfinished += 1
        state.elements.append(element)
        return .ended(.done)
    }

    private func wakeReceiver(of offer: Offer) -> PutOutcome? {
        switch offer {
        case .ended(let outcome): return outcome
        case .waits: return nil
        case .handed(let getter, let element):
            getter.wake(.element(element))
            return .done
        }
    }

    private func check(_ outcome: PutOutcome) throws(PoolError) {
        if case .closed = outcome { throw .closed("the queue") }
    }

    // MARK: Getting

    /// Takes the first element out, and blocks the thread while there is none.
    ///
    /// - Returns: The element; `nil` once the queue is closed and empty.
    @available(*, noasync, message: "blocks a thread; await get instead")
    public func get() -> Element? {
        let parked = Monitor<GetOutcome?>(nil)
        let taken = state.withLock { take(orWait: .thread(parked), &$0) }
        if let (_, putter) = taken { putter?.wake(.done) }
        return element(taken?.0 ?? parked.wait { $0 })
    }

    /// Takes the first element out, and suspends the task while there is none.
    ///
    /// - Returns: The element; `nil` once the queue is closed and empty.
    /// - Throws: `CancellationError` if the task is cancelled before it has one. No element is lost
    ///   that way.
    public func get() async throws -> Element? {
        let ticket = Ticket()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let taken = state.withLock { state -> (GetOutcome, Waiter<PutOutcome>?)? in
                    if Task.isCancelled { return (.cancelled, nil) }
                    return take(orWait: .task(ticket, continuation), &state)
                }
                guard let (outcome, putter) = taken else { return }
                putter?.wake(.done)
                continuation.resume(returning: outcome)
            }
        } onCancel: {
            state.withLock { $0.getters.removeFirst { $0.has(ticket) } }?.wake(.cancelled)
        }
        if case .cancelled = outcome { throw CancellationError() }
        return element(outcome)
    }

    /// Takes out what is there, without waiting.
    ///
    /// - Parameter limit: How many elements at most.
    /// - Returns: The first elements, in order; none if the queue is empty.
    public func getWaiting(atMost limit: Int) -> [Element] {
        let (elements, putters) = state.withLock { state in
            var elements: [Element] = []
            var putters: [Waiter<PutOutcome>] = []
            while elements.count < limit, let element = state.elements.popFirst() {
                elements.append(element)
                if let putter = admitPutter(&state) { putters.append(putter) }
            }
            return (elements, putters)
        }
        for putter in putters { putter.wake(.done) }
        return elements
    }

    /// An element and the putter that its room lets in; `nil` if the caller has to wait.
    private func take(
        orWait waiter: Waiter<GetOutcome>,
        _ state: inout State
    ) -> (GetOutcome, Waiter<PutOutcome>?)? {
        guard let element = state.elements.popFirst() else {
            if state.isClosed { return (.closed, nil) }
            state.getters.append(waiter)
            return nil
        }
        return (.element(element), admitPutter(&state))
    }

    /// Lets the element of the putter that waits longest into the room that was made.
    private func admitPutter(_ state: inout State) -> Waiter<PutOutcome>? {
        guard let putter = state.putters.popFirst() else { return nil }
        state.elements.append(putter.element)
        state.unfinished += 1
        return putter.waiter
    }

    private func element(_ outcome: GetOutcome) -> Element? {
        if case .element(let element) = outcome { element } else { nil }
    }

    // MARK: Done

    /// Reports that one element that was got has been dealt with.
    ///
    /// - Precondition: It is called at most once for each element that was put.
    public func taskDone() {
        let joiners = state.withLock { state -> RingBuffer<Waiter<Void>> in
            precondition(
                state.unfinished > 0,
                "taskDone() was called more often than elements were put"
            )
            state.unfinished -= 1
            guard state.unfinished == 0 else { return RingBuffer() }
            defer { state.joiners = RingBuffer() }
            return state.joiners
        }
        wake(joiners)
    }

    /// Blocks the thread until every element that was put has been reported as done.
    @available(*, noasync, message: "blocks a thread; await join() instead")
    public func join() {
        let parked = Monitor<Void?>(nil)
        let waits = state.withLock { state in
            if state.unfinished > 0 { state.joiners.append(.thread(parked)) }
            return state.unfinished > 0
        }
        if waits { parked.wait { $0 } }
    }

    /// Suspends the task until every element that was put has been reported as done.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func join() async throws {
        let ticket = Ticket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    let waits = state.unfinished > 0 && !Task.isCancelled
                    if waits { state.joiners.append(.task(ticket, continuation)) }
                    return waits
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.joiners.removeFirst { $0.has(ticket) } }?.wake(())
        }
        try Task.checkCancellation()
    }

    /// Takes no more elements; those that are in can still be got, then `get` gives `nil`.
    ///
    /// Putters that wait for room are turned away with `PoolError.closed`.
    public func close() {
        let (getters, putters) = state.withLock { state in
            state.isClosed = true
            defer {
                state.getters = RingBuffer()
                state.putters = RingBuffer()
            }
            return (state.getters, state.putters)
        }
        wake(getters, .closed)
        var waiting = putters
        while let putter = waiting.popFirst() { putter.waiter.wake(.closed) }
    }

    private func wake(_ waiters: RingBuffer<Waiter<Void>>) { wake(waiters, ()) }

    private func wake<Outcome>(_ waiters: RingBuffer<Waiter<Outcome>>, _ outcome: Outcome) {
        var waiters = waiters
        while let waiter = waiters.popFirst() { waiter.wake(outcome) }
    }
}
