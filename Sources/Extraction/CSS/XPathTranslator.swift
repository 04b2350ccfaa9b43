/// Turns CSS selectors into XPath 1.0.
///
/// There are two ways to write a selector such as `ul > li`. As a path from left to right,
/// `descendant-or-self::ul/child::li`, it starts at an item and stays below it. As a test from right
/// to left, `descendant-or-self::li[parent::ul]`, it looks at each element once and needs no merging
/// of results, but it sees what stands above the item, too. So a selector for the whole page is
/// written as a test, and so are the arguments of `:is()` and `:not()`; one for an item, and the
/// arguments of `:has()`, as a path.
struct XPathTranslator {
    /// Where a selector is looked for.
    enum Scope {
        /// On the whole page; the context node is its root element.
        case page
        /// In one item and below, which is the context node.
        case item
    }

    /// An XPath expression that selects, in the order of the page, what the selectors do.
    ///
    /// - Parameters:
    ///   - selectors: At least one.
    ///   - scope: Where the expression will be evaluated.
    /// - Returns: The expression, in XPath 1.0.
    static func expression(for selectors: [CSSSelector], in scope: Scope) -> String {
        let groups = scope == .page ? grouped(selectors) : selectors.map { [$0] }
        let paths = groups.map { group in
            let path = scope == .page ? singleStep(group) : Self.path(group[0], from: .itself)
            return path + suffix(group[0].pseudoElement)
        }
        return paths.joined(separator: " | ")
    }

    /// Neighbours that take the same of their elements, which one step can find.
    private static func grouped(_ selectors: [CSSSelector]) -> [[CSSSelector]] {
        var groups: [[CSSSelector]] = []
        for selector in selectors {
            let same = groups.firstIndex { $0[0].pseudoElement == selector.pseudoElement }
            if let same { groups[same].append(selector) } else { groups.append([selector]) }
        }
        return groups
    }

    private static func suffix(_ element: CSSPseudoElement?) -> String {
        switch element {
        case nil: ""
        case .text: "/text()"
        case .attribute(let name): "/\(attribute(name))"
        }
    }

    // MARK: Tests, from right to left

    private static func singleStep(_ selectors: [CSSSelector]) -> String {
        let elements = Set(selectors.map { $0.parts[$0.parts.count - 1].compound.element })
        if elements.count == 1, let name = elements.first ?? nil, XPathText.isPlain(name: name) {
            let test = selectors.reduce(XPathTest.never) { $0 || self.test($1, hasName: true) }
            return "descendant-or-self::\(name)\(test.predicate)"
        }
        return "descendant-or-self::*\(test(selectors).predicate)"
    }

    /// True of the elements that match any of the selectors.
    static func test(_ selectors: [CSSSelector]) -> XPathTest {
        selectors.reduce(.never) { $0 || test($1, hasName: false) }
    }

    /// True of the elements that a selector matches; `hasName` says whether it is known already that
    /// the element's name is the right one.
    private static func test(_ selector: CSSSelector, hasName: Bool) -> XPathTest {
        var left = relativeToPage(selector.parts[0].combinator)
        var result: XPathTest = .always
        for (index, part) in selector.parts.enumerated() {
            let isLast = index == selector.parts.count - 1
            let (node, own) = nodeTest(part.compound)
            let conditions = own && left
            guard !isLast else {
                let isNamed = hasName || node == "*"
                result = (isNamed ? .always : .expression("self::\(node)")) && conditions
                break
            }
            let step = "\(node)\(conditions.predicate)"
            switch selector.parts[index + 1].combinator {
            case .child: left = .expression("parent::\(step)")
            case .nextSibling: left = .expression("preceding-sibling::*[1]/self::\(step)")
            case .laterSibling: left = .expression("preceding-sibling::\(step)")
            case .descendant, nil: left = .expression("ancestor::\(step)")
            }
        }
        return result
    }

    /// What `> body` asks for on a whole page: the root element on the left, which has no siblings.
    private static func relativeToPage(_ combinator: CSSCombinator?) -> XPathTest {
        switch combinator {
        case nil, .descendant: .always
        case .child: .expression("parent::*[not(parent::*)]")
        case .nextSibling, .laterSibling: .never
        }
    }

    // MARK: Paths, from left to right

    /// Where a path sets out.
    enum Start {
        /// From the context node and all below it.
        case itself
        /// From below the context node.
        case below
    }

    /// A path to the elements that a selector matches, below or at the context node.
    static func path(_ selector: CSSSelector, from start: Start) -> String {
        var path = ""
        for (index, part) in selector.parts.enumerated() {
            var compound = part.compound
            // The scope is the context node, where the path sets out.
            let isScope = compound.conditions.first == .scope
            if isScope { compound.conditions.removeFirst() }
            let (node, test) = nodeTest(compound)
            let step = "\(node)\(test.predicate)"
            if index > 0 { path += "/" }
            switch part.combinator {
            case nil where isScope: path += "self::\(step)"
            case nil:
                path += start == .itself ? "descendant-or-self::\(step)" : "descendant::\(step)"
            case .descendant: path += "descendant::\(step)"
            case .child: path += "child::\(step)"
            case .nextSibling: path += "following-sibling::*[1]/self::\(step)"
            case .laterSibling: path += "following-sibling::\(step)"
            }
        }
        return path
    }

    // MARK: One compound

    /// The name to write behind an axis, and what else must be true.
    private static func nodeTest(_ compound: CSSCompound) -> (node: String, test: XPathTest) {
        var test: XPathTest = .always
        var node = "*"
        if let element = compound.element {
            if XPathText.isPlain(name: element) {
                node = element
            } else {
                test = .expression("name() = \(XPathText.literal(element))")
            }
        }
        for condition in compound.conditions {
            test = test && self.test(condition, element: compound.element)
        }
        return (node, test)
    }

    /// An attribute as a step behind a slash.
    static func attribute(_ name: String) -> String {
        XPathText.isPlain(name: name) ? "@\(name)" : "@*[name() = \(XPathText.literal(name))]"
    }
}
