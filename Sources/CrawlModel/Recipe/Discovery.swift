/// A picture that a recipe found on a page.
package struct Discovery: Equatable, Sendable {
    /// The picture's address as the page has it, with entities decoded.
    package var reference: String
    /// The address it resolves to, or why there is none.
    package var address: Result<WebAddress, AddressError>
    /// Its bytes, for a picture that stands in the page itself.
    package var content: [UInt8]?
    /// The caption as the page has it, with entities decoded and blanks at both ends removed.
    package var name: String
    /// Its place among the items of the page, from 1.
    package var index: Int
    /// Its further fields.
    package var fields: ItemFields
    /// The filter that leaves it out, for people; `nil` if it is to be fetched.
    package var refusal: String?

    /// A discovery of its parts.
    package init(
        reference: String,
        address: Result<WebAddress, AddressError>,
        name: String,
        index: Int = 1,
        fields: ItemFields = ItemFields(),
        refusal: String? = nil
    ) {
        self.reference = reference
        self.address = address
        self.name = name
        self.index = index
        self.fields = fields
        self.refusal = refusal
    }
}

/// What a recipe found on one page.
package struct PageReading: Equatable, Sendable {
    /// The items with a picture, in the order of the page.
    package var discoveries: [Discovery]
    /// Items that `item.each` matched but in which `item.image` found nothing.
    package var itemsWithoutImage: Int
    /// The addresses of following pages, in order, without repeats.
    package var nextPages: [WebAddress]
    /// Pages of the next level that it leads to, in order, without repeats.
    package var links: [PageLink]
    /// The character encoding the page was read in, as a lower-case label: `utf-8`, `gb18030`.
    package var encoding: String

    /// A reading of its parts.
    package init(
        discoveries: [Discovery],
        itemsWithoutImage: Int,
        nextPages: [WebAddress],
        links: [PageLink] = [],
        encoding: String
    ) {
        self.discoveries = discoveries
        self.itemsWithoutImage = itemsWithoutImage
        self.nextPages = nextPages
        self.links = links
        self.encoding = encoding
    }
}
