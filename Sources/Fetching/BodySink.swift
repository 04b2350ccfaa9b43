/// Where the body of a successful answer goes, piece by piece.
///
/// A sink gets the decoded bytes of a 2xx answer and nothing else: what comes with a redirect or an
/// error is dropped before. Bytes may have been received although the fetch fails in the end; whether
/// they are whole is known only from its outcome.
package protocol BodySink: AnyObject, Sendable {
    /// Takes note that a body begins; the first call, and the only one of its kind.
    ///
    /// Called on the fetcher's thread.
    ///
    /// - Parameter head: What the answer says of its body.
    /// - Returns: Whether the body is wanted; if not, the transfer ends as class `truncated`.
    func begin(_ head: BodyHead) -> Bool

    /// Takes the next bytes of the body, in order.
    ///
    /// Called on the fetcher's one thread, never at the same time as another call, and never after the
    /// fetch has returned. All other transfers wait meanwhile.
    ///
    /// - Parameter bytes: At least one byte, valid during the call only.
    /// - Throws: Any error, which ends the transfer as class `disk` with the error's description.
    func receive(_ bytes: UnsafeRawBufferPointer) throws

    /// Takes note that the body is whole; the last call.
    ///
    /// Called on the fetcher's thread before the fetch returns, also for an empty body.
    ///
    /// - Parameter response: What the fetch is about to return.
    /// - Throws: Any error, which makes the fetch fail with class `disk` and the error's description.
    func finish(_ response: FetchResponse) throws

    /// Takes note that no whole body will come; the last call, instead of `finish`.
    ///
    /// Called before the fetch returns: on the fetcher's thread, or, where the fetch was never begun since
    /// it was given up before, on its caller's.
    func abandon()
}

extension BodySink {
    /// Takes any body.
    ///
    /// - Parameter head: What the answer says of its body.
    /// - Returns: `true`.
    package func begin(_ head: BodyHead) -> Bool { true }
}
