/// How the pages of one level lead to those of the next: an index to its albums, an album to its pictures.
package struct FollowRule: Equatable, Sendable {
    /// Picks the elements that have a link each; `nil` where the link is looked for on the whole page.
    package var each: Selector?
    /// Picks the addresses: in an element, or on the whole page.
    package var link: Selector
    /// Fields that are handed down to every picture that is found by the link.
    package var fields: [FieldRule]
    /// Finds the following page of this level.
    package var next: NextRule?
    /// Whether a link may lead to a page of the same level, which is then also read as one of the next.
    package var again: Bool

    /// A rule of its parts.
    package init(
        each: Selector?,
        link: Selector,
        fields: [FieldRule] = [],
        next: NextRule? = nil,
        again: Bool = false
    ) {
        self.each = each
        self.link = link
        self.fields = fields
        self.next = next
        self.again = again
    }
}

/// Where a page stands among the levels of a recipe, and what was handed down to it.
package struct PagePlace: Equatable, Sendable {
    /// 0 for a start page, one more for each link followed, `sitemap` for a list of pages.
    package var level: Int
    /// Fields of the links that led here.
    package var fields: ItemFields

    /// A place of its parts.
    package init(level: Int, fields: ItemFields = ItemFields()) {
        self.level = level
        self.fields = fields
    }

    /// The level of a sitemap or feed that lists the start pages.
    package static let sitemap = -1
    /// A list of pictures that was imported, which is no page to read.
    package static let list = -2
    /// A start page.
    package static let start = PagePlace(level: 0)
}

/// A page that another one leads to.
package struct PageLink: Equatable, Sendable {
    /// Its address.
    package let address: WebAddress
    /// Where it stands.
    package let place: PagePlace

    /// A link of its parts.
    package init(_ address: WebAddress, _ place: PagePlace) {
        self.address = address
        self.place = place
    }
}
