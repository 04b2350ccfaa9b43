/// A listing page that this run holds.
package struct PageTask: Equatable, Sendable {
    /// The row's id.
    package let id: Int64
    /// The page's address in normal form.
    package let address: WebAddress
    /// Tries so far, since it was discovered or last retried by command.
    package let tries: Int
    /// Tries so far in all.
    package let attempts: Int
    /// What it was when it was read last; `nil` if it is to be read whatever it is.
    package let validator: String?

    /// A page of its parts.
    package init(
        id: Int64,
        address: WebAddress,
        tries: Int,
        attempts: Int,
        validator: String? = nil
    ) {
        self.validator = validator
        self.id = id
        self.address = address
        self.tries = tries
        self.attempts = attempts
    }
}

/// A picture that this run holds.
package struct ImageTask: Equatable, Sendable {
    /// The row's id, which also names the unfinished file.
    package let id: Int64
    /// The picture's address in normal form.
    package let address: WebAddress
    /// The path it owns below the crawl folder.
    package let path: ImagePath
    /// Tries so far, since it was discovered or last retried by command.
    package let tries: Int
    /// Tries so far in all.
    package let attempts: Int

    /// A picture of its parts.
    package init(id: Int64, address: WebAddress, path: ImagePath, tries: Int, attempts: Int) {
        self.id = id
        self.address = address
        self.path = path
        self.tries = tries
        self.attempts = attempts
    }
}
