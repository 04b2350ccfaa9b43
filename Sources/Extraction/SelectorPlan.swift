import CrawlModel

/// A recipe's selectors, checked and brought into the two languages that pages are searched with.
struct SelectorPlan: Sendable {
    /// A selector as XPath.
    struct Path: Sendable {
        let selector: Selector
        let expression: String
        /// Whether it may give an attribute of several addresses, of which the largest is taken.
        var mayBeSourceSet: Bool { selector.text.contains("srcset") }
    }

    /// A regular expression with the group that is taken of its matches.
    struct Search: Sendable {
        let selector: Selector
        let pattern: Pattern
        let group: Int
    }

    /// A selector as a path in JSON.
    struct Route: Sendable {
        let selector: Selector
        let path: JSONPath
    }

    /// How the items of a page are found.
    enum Items: Sendable {
        /// Each is a node, and its fields are looked for in and below it.
        case nodes(each: Path, image: [Path], name: [Path])
        /// Each is a match, and its fields are groups; that of the picture is the search's own.
        case matches(Search, name: Int?)
        /// Each is a value of JSON, and its fields are looked for in it.
        case members(each: Route, image: [Route], name: [Route])
        /// The pictures of a feed's entries.
        case entries
    }

    /// How the addresses of other pages are found.
    enum Next: Sendable {
        case nodes(Path)
        case matches(Search)
        case members(Route)
    }

    /// How the following page is found.
    enum Following: Sendable {
        case link(Next, into: AddressTemplate?)
        case counter(parameter: String, step: Int)
    }

    let items: Items
    let details: Details?
    let next: Following?
    let levels: [Level]
    /// Whether the pages of each level, and those with the items, are JSON.
    let areJSON: [Bool]

    init(_ recipe: Recipe) throws(SelectorError) {
        items = try Self.items(recipe.item)
        details = try Self.details(recipe.item, groups: items.groups)
        levels = try Self.levels(recipe.follow)
        next = try recipe.next.map(Self.following)
        areJSON = try Self.areJSON(recipe)
    }

    private static func items(_ rule: ItemRule) throws(SelectorError) -> Items {
        if rule.isFeed { return .entries }
        if rule.each.language == .regex {
            let pattern = try pattern(rule.each)
            guard let image = pattern.group("image") else {
                throw SelectorError(
                    rule.each,
                    ExpressionProblem(
                        nil,
                        "the pattern has no group for the picture's address",
                        cure: "put (?<image>…) around it, and (?<name>…) around the caption"
                    )
                )
            }
            return .matches(
                Search(selector: rule.each, pattern: pattern, group: image),
                name: pattern.group("name")
            )
        }
        if rule.each.language == .json {
            return .members(
                each: try route(rule.each, isInItem: false),
                image: try routes(rule.image),
                name: try routes(rule.name)
            )
        }
        return .nodes(
            each: try path(rule.each, in: .page, taking: .element),
            image: try paths(rule.image, in: .item, taking: .address),
            name: try paths(rule.name, in: .item, taking: .text)
        )
    }

    static func paths(
        _ selectors: [Selector],
        in scope: XPathTranslator.Scope,
        taking purpose: Purpose
    ) throws(SelectorError) -> [Path] {
        var paths: [Path] = []
        for selector in selectors { paths.append(try path(selector, in: scope, taking: purpose)) }
        return paths
    }

    static func pattern(_ selector: Selector) throws(SelectorError) -> Pattern {
        do throws(ExpressionProblem) {
            return try Pattern(selector.text)
        } catch {
            throw SelectorError(selector, error)
        }
    }

    // MARK: CSS and XPath

    /// What a selector is for.
    enum Purpose { case element, address, text }

    static func path(
        _ selector: Selector,
        in scope: XPathTranslator.Scope,
        taking purpose: Purpose
    ) throws(SelectorError) -> Path {
        do throws(ExpressionProblem) {
            let expression: String
            switch selector.language {
            case .css:
                let selectors = try CSSParser.selectors(in: selector.text)
                for selector in selectors { try check(selector, for: purpose) }
                expression = XPathTranslator.expression(for: selectors, in: scope)
                try checkLength(of: expression)
            case .xpath:
                try XPathSyntax.check(selector.text)
                expression = selector.text
            case .json:
                throw ExpressionProblem(
                    nil,
                    "a JSON path can't search in an element",
                    cure: "write css or xpath here, or find the items by 'json', too"
                )
            case .regex:
                throw ExpressionProblem(
                    nil,
                    "a pattern can't search inside an item that a selector found",
                    cure: "write css or xpath here, or one pattern with groups as 'item.regex'"
                )
            }
            try check(expression, for: purpose)
            return Path(selector: selector, expression: expression)
        } catch {
            throw SelectorError(selector, error)
        }
    }

    private static func check(
        _ selector: CSSSelector,
        for purpose: Purpose
    ) throws(ExpressionProblem) {
        switch (purpose, selector.pseudoElement) {
        case (.element, .some):
            throw ExpressionProblem(
                nil,
                "an item is an element, not its text or an attribute",
                cure: "leave ::text or ::attr(…) out"
            )
        case (.address, nil):
            throw ExpressionProblem(
                nil,
                "this picks an element, but an address is needed",
                cure: "say where it stands: ::attr(src), ::attr(href) or ::text"
            )
        default: break
        }
    }

    /// Refuses what libxml2 would, or would take long for: what is made of an honest selector has
    /// some hundred characters.
    private static func checkLength(of expression: String) throws(ExpressionProblem) {
        if expression.utf8.count < 100_000,
            (try? XPathExpression(expression, in: XPathContext())) != nil
        {
            return
        }
        throw ExpressionProblem(
            nil,
            "the selector is made of too many parts",
            cure: "write it shorter"
        )
    }

    /// Compiles an expression to see whether it can be, and tries it to see what it gives.
    private static func check(
        _ expression: String,
        for purpose: Purpose
    ) throws(ExpressionProblem) {
        let context = XPathContext()
        let compiled = try XPathExpression(expression, in: context)
        guard purpose == .element, !context.givesNodes(compiled) else { return }
        throw ExpressionProblem(
            nil,
            "this gives a text, a number or a truth value, but an item is a node",
            cure: "write a path: //div[@class = 'item']"
        )
    }
}

extension SelectorPlan.Items {
    /// The named groups of the pattern; none for selectors.
    fileprivate var groups: [String: Int] {
        switch self {
        case .nodes, .members, .entries: [:]
        case .matches(let search, _): search.pattern.allGroups
        }
    }
}
