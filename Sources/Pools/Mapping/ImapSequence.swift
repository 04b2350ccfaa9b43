/// What `imap` gives: each iteration reads the inputs from their start.
///
/// Inlinable, so that an output that is there already costs its reader next to nothing.
@usableFromInline
struct ImapSequence<Inputs: Sequence & Sendable, Output: Sendable>: AsyncSequence, Sendable
where Inputs.Element: Sendable {
    @usableFromInline
    let inputs: Inputs
    @usableFromInline
    let plan: ImapPlan<Inputs.Element, Output>

    @inlinable
    init(_ inputs: Inputs, _ plan: ImapPlan<Inputs.Element, Output>) {
        self.inputs = inputs
        self.plan = plan
    }

    @inlinable
    func makeAsyncIterator() -> Iterator {
        Iterator(inputs.makeIterator(), plan)
    }

    @usableFromInline
    struct Iterator: AsyncIteratorProtocol {
        /// `nil` once the iteration is over.
        @usableFromInline
        var run: Result<ImapRun<Inputs.Element, Output>, PoolError>?
        @usableFromInline
        var inputs: Inputs.Iterator
        @usableFromInline
        let chunkSize: Int
        @usableFromInline
        var outputs: [Output] = []
        /// The next of `outputs`.
        @usableFromInline
        var place = 0

        @inlinable
        init(_ inputs: Inputs.Iterator, _ plan: ImapPlan<Inputs.Element, Output>) {
            self.inputs = inputs
            chunkSize = plan.chunkSize
            do throws(PoolError) {
                run = .success(try plan.begin())
            } catch {
                run = .failure(error)
            }
        }

        @inlinable
        mutating func next() async throws -> Output? {
            if place == outputs.count {
                guard try await refill() else { return nil }
            }
            defer { place += 1 }
            return outputs[place]
        }

        /// Gets further outputs; `false` after the last.
        @inlinable
        mutating func refill() async throws -> Bool {
            guard let run else { return false }
            do {
                repeat {
                    let run = try run.get()
                    if !Task.isCancelled { read(for: run) }
                    guard let outputs = try await run.next() else {
                        self.run = nil
                        return false
                    }
                    self.outputs = outputs
                    place = 0
                } while outputs.isEmpty
                return true
            } catch {
                self.run = nil
                throw error
            }
        }

        /// Reads inputs while there is room for them.
        ///
        /// Hands them over in ever larger groups: soon, if they are slow to come, and without a wake for
        /// each, if they are not.
        @inlinable
        mutating func read(for run: ImapRun<Inputs.Element, Output>) {
            var room = run.room()
            var group = 1
            while room > 0 {
                var chunks: [[Inputs.Element]] = []
                var isAtEnd = false
                while chunks.count < group, chunks.count < room, !isAtEnd {
                    var chunk: [Inputs.Element] = []
                    while chunk.count < chunkSize, let input = inputs.next() { chunk.append(input) }
                    isAtEnd = chunk.count < chunkSize
                    if !chunk.isEmpty { chunks.append(chunk) }
                }
                run.put(chunks, areLast: isAtEnd)
                room = isAtEnd ? 0 : room - chunks.count
                group *= 2
            }
        }
    }
}
