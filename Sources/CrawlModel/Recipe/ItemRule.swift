/// What an item on a listing page looks like.
package struct ItemRule: Equatable, Sendable {
    /// Picks each item; a regular expression also picks its fields, by named groups.
    package var each: Selector
    /// Whether the page is a feed whose entries' pictures are the items; then `each` has no meaning.
    package var isFeed: Bool = false
    /// Pick the picture's address within an item, tried in order; none for a regular expression.
    package var image: [Selector]
    /// Pick the caption within an item, tried in order; none for a regular expression or without one.
    package var name: [Selector]
    /// Further fields; those of a regular expression are the rest of its groups.
    package var fields: [FieldRule]
    /// What is made of a field's text, by the field's name; `image` and `name` are fields here.
    package var transforms: [String: [Transform]]
    /// Which items are left out.
    package var filters: [ItemFilter]

    /// An item rule of its parts.
    package init(
        each: Selector,
        image: [Selector],
        name: [Selector],
        fields: [FieldRule] = [],
        transforms: [String: [Transform]] = [:],
        filters: [ItemFilter] = []
    ) {
        self.each = each
        self.image = image
        self.name = name
        self.fields = fields
        self.transforms = transforms
        self.filters = filters
    }
}

/// A further field of an item: author, date, tags, album.
package struct FieldRule: Equatable, Sendable {
    /// Its name, in small letters, digits and `_`.
    package var name: String
    /// Pick its text, tried in order; the first that finds something counts.
    package var selectors: [Selector]
    /// Whether it is all texts that the selector finds, and not only the first.
    package var isList: Bool

    /// A field of its parts.
    package init(name: String, selectors: [Selector], isList: Bool) {
        self.name = name
        self.selectors = selectors
        self.isList = isList
    }
}

/// One step that makes another text of a field's text.
package enum Transform: Equatable, Sendable {
    /// Every match of a regular expression is replaced; `$1` or `${name}` stands for a group.
    case replace(Selector, with: String)
    /// These characters are removed at both ends; `nil` for blanks.
    case trim(String?)
    /// Percent-encodings are decoded.
    case urlDecode
    /// A date written like this becomes `2024-05-06`, or with a time `2024-05-06T07:08:09`; what is
    /// no such date becomes nothing.
    case date(DatePattern)
    /// The largest candidate of a `srcset`.
    case sourceSet
    /// Stands in for a text that is empty.
    case standard(String)
}

/// A condition on one field of an item that decides whether the item is left out.
package struct ItemFilter: Equatable, Sendable {
    /// What a field is compared with.
    package enum Test: Equatable, Sendable {
        /// The whole text is one of these, without regard to case.
        case oneOf([String])
        /// A regular expression matches somewhere in it.
        case matches(Selector)
    }

    /// The field: one of the item's, or `image`, `name`, `host`, `extension`.
    package var field: String
    /// What it is compared with.
    package var test: Test
    /// Whether items that pass are kept (`only`) or left out (`unless`).
    package var keeps: Bool

    /// A filter of its parts.
    package init(field: String, test: Test, keeps: Bool) {
        self.field = field
        self.test = test
        self.keeps = keeps
    }
}
