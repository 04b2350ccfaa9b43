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
    /// What there is of it already, if it is asked for again.
    package let older: OlderImage?

    /// A picture of its parts.
    package init(
        id: Int64,
        address: WebAddress,
        path: ImagePath,
        tries: Int,
        attempts: Int,
        older: OlderImage? = nil
    ) {
        self.id = id
        self.address = address
        self.path = path
        self.tries = tries
        self.attempts = attempts
        self.older = older
    }
}

/// The picture that is saved, where its address is asked for again.
package struct OlderImage: Equatable, Sendable {
    /// The SHA-256 of its bytes.
    package let digest: [UInt8]
    /// What it was when it was saved; `nil` if it is to be had again to be compared.
    package let validator: String?
    /// Whether it came from its address; a file that was there before may be somebody's own, and is never
    /// replaced.
    package let wasFetched: Bool
    /// What a run was about to save in its place or beside it when it ended.
    package let coming: ComingImage?

    /// An older picture of its parts.
    package init(
        digest: [UInt8],
        validator: String?,
        wasFetched: Bool,
        coming: ComingImage? = nil
    ) {
        self.digest = digest
        self.validator = validator
        self.wasFetched = wasFetched
        self.coming = coming
    }
}

/// The picture that an address has now, from the moment before its file gets its name.
package struct ComingImage: Equatable, Sendable {
    /// The path that its file gets.
    package let path: ImagePath
    /// The SHA-256 of its bytes.
    package let digest: [UInt8]
    /// Whether it gets the name of the older one.
    package let replaces: Bool

    /// A coming picture of its parts.
    package init(path: ImagePath, digest: [UInt8], replaces: Bool) {
        self.path = path
        self.digest = digest
        self.replaces = replaces
    }
}
