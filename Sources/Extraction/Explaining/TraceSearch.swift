import CLibXML2
import CrawlModel

/// Follows selectors through one page; not to be kept longer than the page.
struct TraceSearch {
    let text: UnsafeBufferPointer<UInt8>
    let root: xmlNodePtr?
    let context: XPathContext
    let limit: TimeLimit
    let words: PageWords

    init(
        text: UnsafeBufferPointer<UInt8>,
        tree: HTMLDocument,
        context: XPathContext,
        limit: TimeLimit
    ) {
        self.text = text
        root = tree.root
        self.context = context
        self.limit = limit
        words = PageWords(tree)
    }

    /// How far a selector gets that finds nothing.
    ///
    /// - Parameters:
    ///   - selector: The selector.
    ///   - each: The selector of the items in which it is looked for; `nil` for the whole page.
    /// - Returns: `nil` if it does find something, or if there are no items.
    func trace(_ selector: Selector, in each: Selector?) -> SelectorTrace? {
        guard let root else { return nil }
        if selector.language == .regex { return patternTrace(selector) }
        let roots = each.map { nodes(of: $0, each: nil, at: [root]) ?? [] } ?? [root]
        guard !roots.isEmpty else { return nil }
        var steps: [SelectorTrace.Step] = []
        var before: [xmlNodePtr] = []
        for beginning in selector.beginnings {
            let part = Selector(selector.language, beginning, key: selector.key)
            guard let found = nodes(of: part, each: each, at: roots) else { continue }
            steps.append(SelectorTrace.Step(text: beginning, matches: found.count))
            if found.isEmpty { break }
            before = found
        }
        guard let last = steps.last, last.matches == 0 else { return nil }
        let suggestions =
            selector.language == .css
            ? words.suggestions(css: last.text, after: before)
            : words.suggestions(xpath: last.text)
        return SelectorTrace(selector: selector, steps: steps, suggestions: suggestions)
    }

    /// What a selector matches at these nodes; `nil` if it is none, or gives no nodes.
    private func nodes(
        of selector: Selector,
        each: Selector?,
        at roots: [xmlNodePtr]
    ) -> [xmlNodePtr]? {
        var expression = selector.text
        if selector.language == .css {
            guard let selectors = try? CSSParser.selectors(in: selector.text) else { return nil }
            expression = XPathTranslator.expression(for: selectors, in: each == nil ? .page : .item)
        }
        guard let compiled = try? XPathExpression(expression, in: context) else { return nil }
        var found: [xmlNodePtr] = []
        for root in roots {
            guard !limit.isOver, let value = context.evaluate(compiled, at: root) else {
                return nil
            }
            defer { value.free() }
            guard value.isNodes else { return nil }
            found += value.nodes.compactMap(\.self)
        }
        return found
    }

    /// The longest beginning of a pattern that matches, and the whole one that does not.
    private func patternTrace(_ selector: Selector) -> SelectorTrace? {
        guard selector.text.utf8.count <= 2_000, matches(of: selector.text) == 0 else { return nil }
        var steps = [SelectorTrace.Step(text: selector.text, matches: 0)]
        for beginning in selector.beginnings.reversed().dropFirst() {
            if limit.isOver { break }
            guard let count = matches(of: beginning), count > 0 else { continue }
            steps.insert(SelectorTrace.Step(text: beginning, matches: count), at: 0)
            break
        }
        return SelectorTrace(selector: selector, steps: steps, suggestions: [])
    }

    private func matches(of text: String) -> Int? {
        guard let pattern = try? Pattern(text) else { return nil }
        var count = 0
        try? PatternMatcher(pattern).forEachMatch(in: self.text, limit: limit) { match in
            // A beginning that may be empty matches everywhere and says nothing.
            if !match.text(of: 0).isEmpty { count += 1 }
        }
        return count
    }
}
