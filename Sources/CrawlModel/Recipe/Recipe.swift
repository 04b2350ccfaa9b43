/// A site described as data: where its listing pages are, what an item is, how to name the file.
///
/// A `Recipe` is checked: ranges are readable, the path template is usable, numbers are in range.
/// Only selectors are not compiled yet; that is the extractor's part, which knows their languages.
package struct Recipe: Equatable, Sendable {
    /// The recipe's name, used in messages only.
    package var name: String
    /// The start pages, in order.
    package var pages: [PageTemplate]
    /// Sitemaps or feeds that list the start pages.
    package var sitemaps: [PageTemplate]
    /// Files of start pages, an address a line; `-` is standard input.
    package var pageFiles: [String]
    /// How the start pages lead to those with the items, level by level.
    package var follow: [FollowRule]
    /// How many pages are read at most, start pages included.
    package var pagesMax: Int?
    /// Finds the following page, for sites whose pages are not numbered.
    package var next: NextRule?
    /// What an item is.
    package var item: ItemRule
    /// How a picture's path is made.
    package var path: PathTemplate
    /// What happens when two addresses want one path.
    package var onConflict: ConflictRule
    /// What happens when two pictures have the same bytes.
    package var duplicates: DuplicateRule
    /// What happens when a picture that is asked for again has changed.
    package var onChange: ChangeRule
    /// Whether the bodies of pages are kept, to be read again by a changed recipe.
    package var keepsPages: Bool
    /// How many tasks are worked on at once.
    package var workers: Workers
    /// Request headers in the order they are written.
    package var headers: [HeaderField]
    /// Request headers whose values stand elsewhere.
    package var secretHeaders: [SecretHeader]
    /// How hosts are reached, and as whom.
    package var connection: Connection
    /// How long to wait for what.
    package var timeouts: Timeouts
    /// The largest picture and page that are accepted.
    package var limits: SizeLimits
    /// How considerate it is of the hosts it asks.
    package var politeness: Politeness
    /// Whether and when what failed is tried again.
    package var retries: RetryPolicy
    /// What is run for what is saved.
    package var hooks = Hooks()
}

extension Recipe {
    /// The first page that is read; `nil` where a file names it.
    package var firstPage: WebAddress? { (pages + sitemaps).first?.first }

    /// The place of the first page.
    package var firstPlace: PagePlace {
        pages.isEmpty && !sitemaps.isEmpty ? PagePlace(level: PagePlace.sitemap) : .start
    }

    /// Whether pages are not all of one kind.
    package var hasLevels: Bool { !follow.isEmpty || !sitemaps.isEmpty }
}

/// What happens when a second address wants a path that another one owns.
package enum ConflictRule: String, CaseIterable, Sendable {
    /// The second is recorded as skipped, class `path_taken`, and points to the first.
    case skip
    /// The second gets a number: `name (2).jpg`.
    case rename
}

/// What happens to a picture whose bytes another one had first.
package enum DuplicateRule: String, CaseIterable, Sendable {
    /// It has a file like any other.
    case keep
    /// Its file is a second name of the first one's file.
    case hardlink
    /// It has none, and is recorded as skipped, class `duplicate`.
    case skip
}

/// What happens to a saved picture when its address has another one.
package enum ChangeRule: String, CaseIterable, Sendable {
    /// It stays where it is, and the other one gets a number: `name (2).jpg`.
    case keep
    /// The other one gets its name.
    case replace
}

/// How many tasks each pool works on at once.
package struct Workers: Equatable, Sendable {
    /// Listing pages at once, 1 to 64.
    package var pages: Int
    /// Pictures at once, 1 to 512.
    package var images: Int

    /// 3 pages and 30 pictures, as the original had it, unless said otherwise.
    package init(pages: Int = 3, images: Int = 30) {
        self.pages = pages
        self.images = images
    }
}

/// One request header.
package struct HeaderField: Hashable, Sendable {
    /// The name as written; compared without regard to case (RFC 9110, section 5.1).
    package var name: String
    /// The value; an empty one takes the header away.
    package var value: String

    /// A header of its two halves.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the value is a secret that only the start pages' hosts may see.
    package var isSecret: Bool {
        ["cookie", "authorization", "proxy-authorization"].contains(name.lowercased())
    }
}

/// How long a transfer may take.
package struct Timeouts: Equatable, Sendable {
    /// From the start to an open connection.
    package var connect: Duration
    /// With next to no bytes arriving (fewer than 100 a second); counted in whole seconds, at least 1.
    package var idle: Duration
    /// The whole transfer.
    package var total: Duration

    /// 10 s to connect, 30 s of silence and 10 min in all unless said otherwise.
    package init(
        connect: Duration = .seconds(10),
        idle: Duration = .seconds(30),
        total: Duration = .seconds(600)
    ) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }
}

/// The largest bodies that are accepted, in bytes, on the wire and after decompression alike.
package struct SizeLimits: Equatable, Sendable {
    /// For a picture.
    package var image: Int
    /// For a listing page.
    package var page: Int

    /// 100 MB for a picture and 20 MB for a page unless said otherwise.
    package init(image: Int = 100_000_000, page: Int = 20_000_000) {
        self.image = image
        self.page = page
    }
}
