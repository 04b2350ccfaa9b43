import CrawlModel

/// A part of magpie that takes what strangers wrote, with what must hold whatever that is.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Reading a recipe and compiling its selectors.
    case recipe
    /// Translating and using a selector; the first byte picks the language.
    case selector
    /// Making names and paths of captions.
    case name
    /// Reading addresses.
    case address
    /// Reading a page; the first byte picks the recipe, the second the encoding.
    case page

    /// Feeds bytes to the part.
    ///
    /// - Throws: `FuzzFailure` if something does not hold; what is expected to fail is caught.
    package func check(_ bytes: [UInt8]) throws {
        switch self {
        case .recipe: try checkRecipe(bytes)
        case .selector: try checkSelector(bytes)
        case .name: try checkName(bytes)
        case .address: try checkAddress(bytes)
        case .page: try checkPage(bytes)
        }
    }
}

/// Something that must hold and does not.
package struct FuzzFailure: Error, CustomStringConvertible {
    /// What does not hold.
    package let description: String
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(FuzzFailure) {
    if !condition { throw FuzzFailure(description: what()) }
}
