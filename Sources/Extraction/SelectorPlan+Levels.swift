import CrawlModel

extension SelectorPlan {
    /// How the pages of one level lead on.
    struct Level: Sendable {
        let each: Each?
        let links: Next
        let fields: [Field]
        let next: Following?
        let again: Bool
    }

    /// What a link stands in.
    enum Each: Sendable {
        case nodes(Path)
        case members(Route)
    }

    static func levels(_ rules: [FollowRule]) throws(SelectorError) -> [Level] {
        var levels: [Level] = []
        for rule in rules {
            var each: Each?
            let isJSON = (rule.each ?? rule.link).language == .json
            if let selector = rule.each {
                each =
                    isJSON
                    ? .members(try route(selector, isInItem: false))
                    : .nodes(try path(selector, in: .page, taking: .element))
            }
            let links: Next =
                isJSON
                ? .members(try route(rule.link, isInItem: each != nil))
                : try addresses(rule.link, in: each == nil ? .page : .item, group: "link")
            levels.append(
                Level(
                    each: each,
                    links: links,
                    fields: try fields(rule.fields, ofJSON: isJSON),
                    next: try rule.next.map(following),
                    again: rule.again
                )
            )
        }
        return levels
    }

    static func following(_ rule: NextRule) throws(SelectorError) -> Following {
        switch rule {
        case .counter(let parameter, let step): .counter(parameter: parameter, step: step)
        case .link(let selector, let into):
            .link(try addresses(selector, in: .page, group: "next"), into: into)
        }
    }

    /// A selector of addresses of pages; of a pattern the group of this name counts, else the first.
    static func addresses(
        _ selector: Selector,
        in scope: XPathTranslator.Scope,
        group: String
    ) throws(SelectorError) -> Next {
        if selector.language == .json, scope == .page {
            return .members(try route(selector, isInItem: false))
        }
        guard selector.language == .regex, scope == .page else {
            return .nodes(try path(selector, in: scope, taking: .address))
        }
        let pattern = try pattern(selector)
        let number = pattern.group(group) ?? min(1, pattern.groupCount)
        return .matches(Search(selector: selector, pattern: pattern, group: number))
    }
}
