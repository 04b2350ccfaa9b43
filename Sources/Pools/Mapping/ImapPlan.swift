/// How an `imap` is done, whatever its inputs.
struct ImapPlan<Input: Sendable, Output: Sendable>: Sendable {
    let queue: CallQueue
    /// Inputs per call.
    let chunkSize: Int
    /// Calls that may be submitted and not yet taken by the consumer.
    let readAhead: Int
    /// Whether outputs come in the order of their inputs, or as they are ready.
    let isOrdered: Bool
    /// Makes the call of one chunk, without submitting it.
    let makeCall: @Sendable (ArraySlice<Input>) -> ResultHandle<[Output]>
}
