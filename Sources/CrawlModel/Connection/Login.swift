/// A user and a password, which says neither when it is printed.
package struct Login: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The user.
    package let user: String
    /// The password.
    package let password: String

    /// A login of its parts.
    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// Reads `user:password`; the user ends at the first colon (RFC 7617, section 2).
    package init(_ text: String) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = String(halves[0])
        password = halves.count > 1 ? String(halves[1]) : ""
    }

    /// Nothing that could stand in a log.
    package var description: String { "a login" }
    /// The same.
    package var debugDescription: String { description }
}
