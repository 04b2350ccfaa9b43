package import CrawlModel

/// What a recipe for a page could be.
package struct RecipeProposal: Equatable, Sendable {
    /// What kind of page it is.
    package enum Kind: Equatable, Sendable {
        /// Blocks of markup with a picture each.
        case gallery
        /// RSS or Atom.
        case feed
        /// A list of pages.
        case sitemap
        /// A text of picture addresses.
        case list
    }

    /// What kind of page it is.
    package var kind: Kind
    /// The selector of the items.
    package var each = ""
    /// Selectors of the picture's address in an item, to be tried in order.
    package var image: [String] = []
    /// Whether these are WordPress's smaller copies, whose addresses tell those of the whole pictures.
    package var areWordPressCopies = false
    /// Selectors of the caption in an item, to be tried in order; none if there is nothing to name it by.
    package var name: [String] = []
    /// The selector of the following page.
    package var next: String?
    /// The start pages where the page is one of a numbered list: an address with a range.
    package var pages: String?
    /// Whether the links to pictures stand among others, so that only pictures' extensions may pass.
    package var needsExtensions = false
    /// Whether the captions end as names of files do.
    package var namesAreFiles = false
    /// The selector of links, if most pictures are links to pages of their own.
    package var linksToPages: String?
    /// How many items there are on the page.
    package var items = 0
}

/// Looks on a page for the block that is repeated with a picture in it.
package enum PageSurvey {
    /// What a recipe for a page could be.
    ///
    /// - Parameters:
    ///   - body: The page as received.
    ///   - contentType: The `Content-Type` header as sent.
    ///   - address: Where it came from.
    /// - Returns: `nil` if nothing on it is repeated that has a picture.
    /// - Throws: `ExtractionError` as reading the page would.
    package static func proposal(
        for body: [UInt8],
        contentType: String?,
        address: WebAddress
    ) throws(ExtractionError) -> RecipeProposal? {
        let limit = TimeLimit(threadProcessorTime)
        let page = try PageDecoder().decode(body, contentType: contentType)
        return try page.withText { text throws(ExtractionError) in
            if let kind = listKind(of: text) { return RecipeProposal(kind: kind) }
            return try HTMLDocument.parse(text, limit: limit) { tree throws(ExtractionError) in
                let base = tree.base.flatMap { try? WebAddress($0, relativeTo: address) }
                let pictures = try SurveyPicture.all(in: tree, limit: limit)
                guard let block = try BlockSearch(tree, pictures, limit: limit).best() else {
                    return nil
                }
                var proposal = RecipeProposal(kind: .gallery, each: block.selector)
                proposal.items = block.items.count
                let image = ImageChoice(block)
                proposal.image = image.selectors
                proposal.areWordPressCopies = image.areWordPressCopies
                // A server that lists files cuts their names.
                if !block.needsExtensions {
                    let choice = NameChoice(block)
                    proposal.name = choice.selectors
                    proposal.namesAreFiles = choice.areFiles
                }
                proposal.needsExtensions = block.needsExtensions
                proposal.linksToPages = block.linksToPages
                let links = LinkSurvey(tree, base: base ?? address, page: address)
                proposal.next = links.next
                proposal.pages = links.next == nil ? links.numberedPages : nil
                return proposal.image.isEmpty ? nil : proposal
            }
        }
    }

    /// The kind of a page that is no HTML; `nil` for one that may be.
    private static func listKind(of text: UnsafeBufferPointer<UInt8>) -> RecipeProposal.Kind? {
        let beginning = String(decoding: text.prefix(2_000), as: UTF8.self)
        let tags = beginning.matches(of: #/<([A-Za-z:]+)/#).map { $0.1.lowercased() }
        switch tags.first {
        case "rss", "feed", "rdf:rdf": return .feed
        case "urlset", "sitemapindex": return .sitemap
        case nil where beginning.matches(of: #/(?m)^https?://\S+/#).count > 1: return .list
        default: return nil
        }
    }
}
