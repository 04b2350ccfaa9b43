/// What `imap` gives: each iteration reads the inputs from their start.
struct ImapSequence<Inputs: Sequence & Sendable, Output: Sendable>: AsyncSequence, Sendable
where Inputs.Element: Sendable {
    let inputs: Inputs
    let plan: ImapPlan<Inputs.Element, Output>

    init(_ inputs: Inputs, _ plan: ImapPlan<Inputs.Element, Output>) {
        precondition(plan.chunkSize > 0, "a chunk needs at least one input, not \(plan.chunkSize)")
        precondition(
            plan.readAhead > 0,
            "imap needs at least one chunk ahead, not \(plan.readAhead)"
        )
        self.inputs = inputs
        self.plan = plan
    }

    func makeAsyncIterator() -> Iterator {
        let rest = Monitor(inputs.makeIterator())
        return Iterator(
            run: Result { () throws(PoolError) in
                try ImapRun(plan) { rest.withLock { $0.next() } }
            }
        )
    }

    struct Iterator: AsyncIteratorProtocol {
        private var run: Result<ImapRun<Inputs.Element, Output>, PoolError>?
        private var chunk: ArraySlice<Output> = []

        init(run: Result<ImapRun<Inputs.Element, Output>, PoolError>) { self.run = run }

        mutating func next() async throws -> Output? {
            while chunk.isEmpty {
                guard let run else { return nil }
                do {
                    guard let outputs = try await run.get().next() else {
                        self.run = nil
                        return nil
                    }
                    chunk = outputs[...]
                } catch {
                    self.run = nil
                    throw error
                }
            }
            return chunk.popFirst()
        }
    }
}
