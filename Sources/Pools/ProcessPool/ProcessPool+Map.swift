extension ProcessPool {
    /// Does the function with every argument and returns at once.
    ///
    /// Calls that fail do so as in `ThreadPool.mapAsync`. A worker that ends takes its chunk with it: the
    /// handle then ends with `PoolError.workerDied`.
    ///
    /// - Parameters:
    ///   - function: What workers do.
    ///   - arguments: What they do it with.
    ///   - chunkSize: Arguments per message, at least 1; by default a fourth of a worker's share.
    /// - Returns: The handle of all values, in the order of their arguments.
    public func mapAsync<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ arguments: some Sequence<Argument>,
        chunkSize: Int? = nil
    ) -> ResultHandle<[Output]> {
        MapRun(
            Array(arguments),
            chunkSize: chunkSize,
            workers: workers,
            queue: queue,
            makePerformer: performers(function)
        ).start()
    }

    /// Does the function with every argument and blocks until all is done.
    ///
    /// - Parameters:
    ///   - function: What workers do.
    ///   - arguments: What they do it with.
    ///   - chunkSize: Arguments per message, at least 1; by default a fourth of a worker's share.
    /// - Returns: The values in the order of their arguments.
    /// - Throws: The error of the first failing argument; see `apply`.
    @available(*, noasync, message: "blocks a thread; await map instead")
    public func map<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ arguments: some Sequence<Argument>,
        chunkSize: Int? = nil
    ) throws -> [Output] {
        try mapAsync(function, arguments, chunkSize: chunkSize).get()
    }

    /// Does the function with every argument while the calling task is suspended.
    ///
    /// - Parameters:
    ///   - function: What workers do.
    ///   - arguments: What they do it with.
    ///   - chunkSize: Arguments per message, at least 1; by default a fourth of a worker's share.
    /// - Returns: The values in the order of their arguments.
    /// - Throws: The error of the first failing argument; see `apply`.
    public func map<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ arguments: some Sequence<Argument>,
        chunkSize: Int? = nil
    ) async throws -> [Output] {
        try await mapAsync(function, arguments, chunkSize: chunkSize).value
    }

    /// Does the function with arguments as values are asked for, and gives these in the order of the arguments.
    ///
    /// In all else like `ThreadPool.imap`; an iteration that is left in the middle also kills and replaces
    /// the workers that are busy with it.
    ///
    /// - Parameters:
    ///   - function: What workers do.
    ///   - arguments: What they do it with; read lazily.
    ///   - chunkSize: Arguments per message, at least 1.
    ///   - readAhead: Chunks that may be submitted and not yet consumed, at least 1; by default
    ///     four times the workers.
    /// - Returns: The values; each iteration begins anew. See `apply` for what it throws.
    @inlinable
    public func imap<Arguments: Sequence & Sendable, Output>(
        _ function: WorkFunction<Arguments.Element, Output>,
        _ arguments: Arguments,
        chunkSize: Int = 1,
        readAhead: Int? = nil
    ) -> some AsyncSequence<Output, any Error> & Sendable {
        ImapSequence(arguments, plan(function, chunkSize, readAhead, isOrdered: true))
    }

    /// Does the function with arguments as values are asked for, and gives these as they are ready.
    ///
    /// In all else like `imap`.
    ///
    /// - Parameters:
    ///   - function: What workers do.
    ///   - arguments: What they do it with; read lazily.
    ///   - chunkSize: Arguments per message, at least 1.
    ///   - readAhead: Chunks that may be submitted and not yet consumed, at least 1; by default
    ///     four times the workers.
    /// - Returns: The values in any order; see `imap`.
    @inlinable
    public func imapUnordered<Arguments: Sequence & Sendable, Output>(
        _ function: WorkFunction<Arguments.Element, Output>,
        _ arguments: Arguments,
        chunkSize: Int = 1,
        readAhead: Int? = nil
    ) -> some AsyncSequence<Output, any Error> & Sendable {
        ImapSequence(arguments, plan(function, chunkSize, readAhead, isOrdered: false))
    }

    @usableFromInline
    func plan<Argument, Output>(
        _ function: WorkFunction<Argument, Output>,
        _ chunkSize: Int,
        _ readAhead: Int?,
        isOrdered: Bool
    ) -> ImapPlan<Argument, Output> {
        ImapPlan(
            queue,
            workers: workers,
            chunkSize: chunkSize,
            readAhead: readAhead,
            isOrdered: isOrdered,
            makePerformer: performers(function)
        )
    }

    private func performers<Argument, Output>(
        _ function: WorkFunction<Argument, Output>
    ) -> @Sendable () -> ChunkPerformer<Argument, Output> {
        { [slots, replaceWorker] in
            let call = ProcessCall(slots, replace: replaceWorker)
            return ChunkPerformer(run: { call.run(function, $0) }, stop: { call.stop() })
        }
    }
}
