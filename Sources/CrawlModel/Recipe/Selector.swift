/// A piece of a recipe that picks something out of a page, with the place where it is written.
package struct Selector: Hashable, Sendable {
    /// The language a selector is written in.
    package enum Language: String, CaseIterable, Sendable {
        /// CSS with `::text` and `::attr(x)`, as Scrapy users know it.
        case css
        /// XPath 1.0.
        case xpath
        /// A Perl-compatible regular expression with named groups; the dot matches newlines.
        case regex
        /// A path of RFC 9535 in a page that is JSON; `@` stands for the item.
        case json
    }

    /// How to read the text.
    package let language: Language
    /// The expression as written.
    package let text: String
    /// The line of the recipe it stands on, from 1.
    package let line: Int
    /// The dotted key it is the value of, for messages: `item.image`.
    package let key: String

    /// A selector that stands at `key` on `line`.
    package init(_ language: Language, _ text: String, key: String, line: Int = 1) {
        self.language = language
        self.text = text
        self.key = key
        self.line = line
    }
}
