import CLibXML2
package import CrawlModel

/// Tells of the selectors that found nothing on a page how far they got, for those who write recipes.
///
/// Slower than reading a page by far, and not for a crawl.
package struct SelectorExplainer {
    private let recipe: Recipe

    /// An explainer for a recipe whose selectors were compiled.
    package init(_ recipe: Recipe) { self.recipe = recipe }

    /// The selectors of the page's level that found nothing.
    ///
    /// - Parameters:
    ///   - reading: What the recipe found on the page.
    ///   - body: The page as received.
    ///   - contentType: The `Content-Type` header as sent.
    ///   - place: Where the page stands among the levels of the recipe.
    /// - Returns: A trace for each; none for a list such as a feed, which has no selectors.
    /// - Throws: `ExtractionError` as reading the page would.
    package func traces(
        of reading: PageReading,
        _ body: [UInt8],
        contentType: String?,
        place: PagePlace
    ) throws(ExtractionError) -> [SelectorTrace] {
        // Of paths into JSON no steps are told.
        let missing = missing(in: reading, place).filter { $0.selector.language != .json }
        guard !missing.isEmpty else { return [] }
        let limit = TimeLimit(threadProcessorTime)
        let page = try PageDecoder().decode(body, contentType: contentType)
        return try page.withText { text throws(ExtractionError) in
            try HTMLDocument.parse(text, limit: limit) { tree throws(ExtractionError) in
                let context = XPathContext()
                context.enter(tree)
                defer { context.leave() }
                let search = TraceSearch(text: text, tree: tree, context: context, limit: limit)
                return missing.compactMap { search.trace($0.selector, in: $0.each) }
            }
        }
    }

    private typealias Missing = (selector: Selector, each: Selector?)

    /// The selectors that found nothing, each with the one of the items in which it was looked for.
    private func missing(in reading: PageReading, _ place: PagePlace) -> [Missing] {
        guard place.level >= 0, !recipe.item.isFeed else { return [] }
        var missing: [Missing] = []
        if place.level < recipe.follow.count {
            let rule = recipe.follow[place.level]
            if reading.links.isEmpty {
                if let each = rule.each { missing.append((each, nil)) }
                missing.append((rule.link, rule.each))
            }
            guard rule.again else { return missing }
        }
        let item = recipe.item
        let each = item.each.language == .regex ? nil : item.each
        if reading.discoveries.isEmpty {
            if reading.itemsWithoutImage == 0 { return missing + [(item.each, nil)] }
            missing += item.image.map { ($0, each) }
        } else {
            if reading.discoveries.allSatisfy(\.name.isEmpty) {
                missing += item.name.map { ($0, each) }
            }
            for field in item.fields
            where reading.discoveries.allSatisfy({ $0.fields[field.name] == nil }) {
                missing += field.selectors.map { ($0, each) }
            }
        }
        return missing
    }
}
