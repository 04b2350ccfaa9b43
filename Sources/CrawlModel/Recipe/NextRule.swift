/// How the following page is found.
package enum NextRule: Equatable, Sendable {
    /// By an address on the page, or by a text on it that an address is made with.
    case link(Selector, into: AddressTemplate?)
    /// By a parameter of the page's own address, to which a number is added as long as there are items.
    case counter(parameter: String, step: Int)

    /// Picks the address or text; `nil` for a counter.
    package var selector: Selector? {
        guard case .link(let selector, _) = self else { return nil }
        return selector
    }
}

/// An address with a place for a text that a page gives: `?after={next}`.
package struct AddressTemplate: Equatable, Sendable {
    /// The template as written, relative to the page.
    package let text: String

    private static let place = "{next}"

    /// Reads a template.
    ///
    /// - Throws: `RecipeProblem` if it has no place for the text.
    package init(_ text: String) throws(RecipeProblem) {
        guard text.contains(Self.place) else {
            throw RecipeProblem(
                "'\(text)' has no place for what the page gives",
                cure: "write {next} there: ?after={next}"
            )
        }
        self.text = text
    }

    /// The address with a text in it, percent-encoded; nothing for an empty one.
    package func address(with value: String) -> String {
        value.isEmpty ? "" : text.replacing(Self.place, with: WebAddress.encoded(value))
    }
}
