extension ThreadPool {
    /// Transforms every input on the threads of the pool and returns at once.
    ///
    /// If transforms throw, the handle ends with the error of the first failing input, whatever the chunk
    /// size and whichever failed first in time; chunks behind it that have not begun are dropped.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per call, at least 1; by default a fourth of a thread's share.
    ///   - transform: What is done with each input.
    /// - Returns: The handle of all outputs, in the order of their inputs.
    @inlinable
    public func mapAsync<Input: Sendable, Output: Sendable>(
        _ inputs: some Sequence<Input>,
        chunkSize: Int? = nil,
        _ transform: @escaping @Sendable (Input) throws -> Output
    ) -> ResultHandle<[Output]> {
        mapAsync(chunksOf: Array(inputs), chunkSize: chunkSize) { try $0.map(transform) }
    }

    /// The part of `mapAsync` that need not be specialized for each caller's types to be quick.
    @usableFromInline
    func mapAsync<Input: Sendable, Output: Sendable>(
        chunksOf inputs: [Input],
        chunkSize: Int?,
        _ transform: @escaping @Sendable (ArraySlice<Input>) throws -> [Output]
    ) -> ResultHandle<[Output]> {
        MapRun(inputs, chunkSize: chunkSize, workers: threads, queue: queue) {
            ChunkPerformer(transform)
        }.start()
    }

    /// Transforms every input on the threads of the pool and blocks until all is done.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per call, at least 1; by default a fourth of a thread's share.
    ///   - transform: What is done with each input.
    /// - Returns: The outputs in the order of their inputs.
    /// - Throws: The error of the first failing input; `PoolError` if the pool is closed or terminated.
    @available(*, noasync, message: "blocks a thread; await map instead")
    @inlinable
    public func map<Input: Sendable, Output: Sendable>(
        _ inputs: some Sequence<Input>,
        chunkSize: Int? = nil,
        _ transform: @escaping @Sendable (Input) throws -> Output
    ) throws -> [Output] {
        try mapAsync(inputs, chunkSize: chunkSize, transform).get()
    }

    /// Transforms every input on the threads of the pool while the calling task is suspended.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per call, at least 1; by default a fourth of a thread's share.
    ///   - transform: What is done with each input.
    /// - Returns: The outputs in the order of their inputs.
    /// - Throws: The error of the first failing input; `CancellationError` if the task is cancelled,
    ///   once the chunks that have begun are over; `PoolError` if the pool is closed or terminated.
    @inlinable
    public func map<Input: Sendable, Output: Sendable>(
        _ inputs: some Sequence<Input>,
        chunkSize: Int? = nil,
        _ transform: @escaping @Sendable (Input) throws -> Output
    ) async throws -> [Output] {
        try await mapAsync(inputs, chunkSize: chunkSize, transform).value
    }

    /// Transforms inputs as they are asked for, and gives the outputs in the order of their inputs.
    ///
    /// Inputs are read lazily, so they may be endless. An iteration that is left, fails or is cancelled
    /// drops what has not begun. It ends at the first failing input, after the outputs of earlier chunks.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per call, at least 1.
    ///   - readAhead: Chunks that may be submitted and not yet consumed, at least 1; by default
    ///     four times the threads.
    ///   - transform: What is done with each input.
    /// - Returns: The outputs; each iteration begins anew. It throws what `transform` throws,
    ///   `CancellationError`, or `PoolError` if the pool is closed or terminated.
    @inlinable
    public func imap<Inputs: Sequence & Sendable, Output: Sendable>(
        _ inputs: Inputs,
        chunkSize: Int = 1,
        readAhead: Int? = nil,
        _ transform: @escaping @Sendable (Inputs.Element) throws -> Output
    ) -> some AsyncSequence<Output, any Error> & Sendable where Inputs.Element: Sendable {
        ImapSequence(inputs, plan(chunkSize, readAhead, isOrdered: true) { try $0.map(transform) })
    }

    /// Transforms inputs as they are asked for, and gives the outputs as they are ready.
    ///
    /// In all else like `imap`.
    ///
    /// - Parameters:
    ///   - inputs: What to transform.
    ///   - chunkSize: Inputs per call, at least 1.
    ///   - readAhead: Chunks that may be submitted and not yet consumed, at least 1; by default
    ///     four times the threads.
    ///   - transform: What is done with each input.
    /// - Returns: The outputs in any order; see `imap` for what it throws.
    @inlinable
    public func imapUnordered<Inputs: Sequence & Sendable, Output: Sendable>(
        _ inputs: Inputs,
        chunkSize: Int = 1,
        readAhead: Int? = nil,
        _ transform: @escaping @Sendable (Inputs.Element) throws -> Output
    ) -> some AsyncSequence<Output, any Error> & Sendable where Inputs.Element: Sendable {
        ImapSequence(inputs, plan(chunkSize, readAhead, isOrdered: false) { try $0.map(transform) })
    }

    @usableFromInline
    func plan<Input: Sendable, Output: Sendable>(
        _ chunkSize: Int,
        _ readAhead: Int?,
        isOrdered: Bool,
        _ transform: @escaping @Sendable (ArraySlice<Input>) throws -> [Output]
    ) -> ImapPlan<Input, Output> {
        ImapPlan(
            queue,
            workers: threads,
            chunkSize: chunkSize,
            readAhead: readAhead,
            isOrdered: isOrdered
        ) {
            ChunkPerformer(transform)
        }
    }
}
