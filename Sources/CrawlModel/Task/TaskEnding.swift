/// How a try of a task ended, with what the database keeps of it.
package struct TaskEnding<Success: Sendable>: Sendable {
    /// The endings a try can have.
    package enum Outcome: Sendable {
        /// It worked.
        case done(Success)
        /// It failed; it is ready again at the given time, or failed for good without one. Whether the
        /// try counts is what `tries` tells the next time.
        case failed(Failure, due: Timestamp?, counts: Bool = true)
        /// It is never to be tried, for the failure's reason.
        case skipped(Failure)
    }

    /// The task's row.
    package let taskID: Int64
    /// What came of it.
    package var outcome: Outcome
    /// When the try ended.
    package let ended: Timestamp
    /// How long the try took.
    package let took: Duration

    /// An ending of its parts.
    package init(taskID: Int64, outcome: Outcome, ended: Timestamp, took: Duration) {
        self.taskID = taskID
        self.outcome = outcome
        self.ended = ended
        self.took = took
    }
}

/// What is kept of a picture that was saved.
package struct SavedImage: Equatable, Sendable {
    /// Where it is, which may differ from the task's path in extension and number.
    package var path: ImagePath
    /// Its length in bytes.
    package let bytes: Int
    /// The SHA-256 of its bytes, 32 bytes.
    package let digest: [UInt8]
    /// The HTTP status it came with; `nil` for a file that was on disk already.
    package let status: Int?
    /// What tells this state of it from others, if the server said so in few bytes.
    package let validator: String?

    /// A saved picture of its parts.
    package init(
        path: ImagePath,
        bytes: Int,
        digest: [UInt8],
        status: Int?,
        validator: String? = nil
    ) {
        precondition(digest.count == 32, "a digest is 32 bytes of SHA-256")
        self.path = path
        self.bytes = bytes
        self.digest = digest
        self.status = status
        self.validator = validator
    }
}

/// What came of asking for a saved picture again.
package enum RefreshedImage: Equatable, Sendable {
    /// Its address has the same bytes; and what tells them from others, if that is known.
    case unchanged(validator: String?)
    /// It has others, which have their name already.
    case changed(SavedImage)
}

/// What is kept of a listing page that was read.
package struct ReadPage: Sendable {
    /// What the recipe found, each picture with the path it would like.
    package let discoveries: [(discovery: Discovery, path: ImagePath)]
    /// Items without a picture.
    package let itemsWithoutImage: Int
    /// Following pages, of the page's own level.
    package let nextPages: [PageLink]
    /// Pages of the next level.
    package let links: [PageLink]
    /// The encoding it was read in.
    package let encoding: String
    /// Its length in bytes.
    package let bytes: Int
    /// The HTTP status it came with.
    package let status: Int
    /// What tells this state of it from others, if the server said so.
    package let validator: String?
    /// Its body, where it is to be kept.
    package var body: PageBody?

    /// Everything that was found.
    package var items: Int { discoveries.count + itemsWithoutImage + links.count }

    /// A page of its reading and its response.
    package init(
        reading: PageReading,
        bytes: Int,
        status: Int,
        validator: String? = nil,
        place: PagePlace = .start,
        path: (Discovery) -> ImagePath
    ) {
        discoveries = reading.discoveries.map { ($0, path($0)) }
        itemsWithoutImage = reading.itemsWithoutImage
        nextPages = reading.nextPages.map { PageLink($0, place) }
        links = reading.links
        encoding = reading.encoding
        self.bytes = bytes
        self.status = status
        self.validator = validator
    }
}

/// The body of a page as it is kept.
package struct PageBody: Equatable, Sendable {
    /// Where it came from, after redirects.
    package let address: WebAddress
    /// The HTTP status it came with.
    package let status: Int
    /// The `Content-Type` header as sent.
    package let contentType: String?
    /// Its length in bytes.
    package let bytes: Int
    /// Its bytes, packed.
    package let packed: [UInt8]

    /// A body of its parts.
    package init(
        address: WebAddress,
        status: Int,
        contentType: String?,
        bytes: Int,
        packed: [UInt8]
    ) {
        self.address = address
        self.status = status
        self.contentType = contentType
        self.bytes = bytes
        self.packed = packed
    }
}
