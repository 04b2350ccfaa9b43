import CrawlModel

extension SelectorPlan {
    /// How the pages of one level lead on.
    struct Level: Sendable {
        let each: Path?
        let links: Next
        let fields: [Field]
        let next: Next?
        let again: Bool
    }

    static func levels(_ rules: [FollowRule]) throws(SelectorError) -> [Level] {
        var levels: [Level] = []
        for rule in rules {
            var each: Path?
            if let selector = rule.each { each = try path(selector, in: .page, taking: .element) }
            levels.append(
                Level(
                    each: each,
                    links: try addresses(rule.link, in: each == nil ? .page : .item, group: "link"),
                    fields: try fields(rule.fields, in: .item),
                    next: try rule.next.map { selector throws(SelectorError) in
                        try addresses(selector, in: .page, group: "next")
                    },
                    again: rule.again
                )
            )
        }
        return levels
    }

    /// A selector of addresses of pages; of a pattern the group of this name counts, else the first.
    static func addresses(
        _ selector: Selector,
        in scope: XPathTranslator.Scope,
        group: String
    ) throws(SelectorError) -> Next {
        guard selector.language == .regex, scope == .page else {
            return .nodes(try path(selector, in: scope, taking: .address))
        }
        let pattern = try pattern(selector)
        let number = pattern.group(group) ?? min(1, pattern.groupCount)
        return .matches(Search(selector: selector, pattern: pattern, group: number))
    }
}
