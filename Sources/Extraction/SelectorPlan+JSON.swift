import CrawlModel

// Paths in JSON, and which pages are JSON.
extension SelectorPlan {
    static func routes(_ selectors: [Selector]) throws(SelectorError) -> [Route] {
        var routes: [Route] = []
        for selector in selectors { routes.append(try route(selector, isInItem: true)) }
        return routes
    }

    static func route(_ selector: Selector, isInItem: Bool) throws(SelectorError) -> Route {
        do throws(ExpressionProblem) {
            guard selector.language == .json else {
                throw ExpressionProblem(
                    nil,
                    "\(selector.language.rawValue) can't search in JSON",
                    cure: "write a JSON path: @.name"
                )
            }
            let path = try JSONPathParser.path(selector.text, isInItem: isInItem)
            return Route(selector: selector, path: path)
        } catch {
            throw SelectorError(selector, error)
        }
    }

    /// Whether the pages of each level, and those with the items, are JSON.
    ///
    /// - Throws: `SelectorError` for a selector that would search such a page as HTML.
    static func areJSON(_ recipe: Recipe) throws(SelectorError) -> [Bool] {
        var areJSON: [Bool] = []
        for number in 0...recipe.follow.count {
            var selectors: [Selector] = []
            var level = number
            while level < recipe.follow.count {
                let rule = recipe.follow[level]
                selectors += [rule.each ?? rule.link, rule.next?.selector].compactMap(\.self)
                guard rule.again else { break }
                level += 1
            }
            if level == recipe.follow.count {
                let each = recipe.item.isFeed ? nil : recipe.item.each
                selectors += [each, recipe.next?.selector].compactMap(\.self)
            }
            let isJSON = selectors.contains { $0.language == .json }
            areJSON.append(isJSON)
            let other = selectors.first { $0.language == .css || $0.language == .xpath }
            guard isJSON, let other else { continue }
            throw SelectorError(
                other,
                ExpressionProblem(
                    nil,
                    "'\(other.key)' is \(other.language.rawValue), but the same page is searched as JSON",
                    cure: "write { json: … } or { regex: … } here"
                )
            )
        }
        return areJSON
    }
}
