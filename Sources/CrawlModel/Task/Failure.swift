/// How a try of a task went wrong; a value that is stored, never thrown between parts.
package struct Failure: Equatable, Sendable {
    /// The class, which decides whether and when the task is tried again.
    package var errorClass: ErrorClass
    /// The last HTTP status seen, if any answer came.
    package var status: Int?
    /// One sentence for people, without control characters being guaranteed: escape before display.
    package var message: String
    /// Body bytes received before it went wrong.
    package var bytes: Int
    /// The server's own wish when to come back (RFC 9110, section 10.2.3), as it was sent.
    package var retryAfter: String?
    /// Whether it is another host's, to which the one that was asked had sent us.
    package var isElsewhere = false

    /// A failure; only class and message are needed.
    package init(
        _ errorClass: ErrorClass,
        _ message: String,
        status: Int? = nil,
        bytes: Int = 0,
        retryAfter: String? = nil
    ) {
        self.errorClass = errorClass
        self.message = message
        self.status = status
        self.bytes = bytes
        self.retryAfter = retryAfter
    }
}
