import CrawlModel

extension SelectorPlan {
    /// What is done for an item beyond its picture and caption; there is none for a recipe that asks for
    /// nothing of it, so that it costs such a recipe nothing.
    struct Details: Sendable {
        var fields: [Field] = []
        var transforms: [String: [Step]] = [:]
        var filters: [Filter] = []

        var isEmpty: Bool { fields.isEmpty && transforms.isEmpty && filters.isEmpty }
    }

    /// A further field.
    struct Field: Sendable {
        enum Source: Sendable {
            case paths([Path])
            case routes([Route])
            case group(Int)
        }

        let name: String
        let source: Source
        let isList: Bool
    }

    /// A transform with its pattern compiled.
    enum Step: Sendable {
        case replace(Search, with: String)
        case plain(Transform)
    }

    /// A filter with its pattern compiled.
    struct Filter: Sendable {
        enum Test: Sendable {
            case oneOf(Set<String>)
            case matches(Search)
        }

        let rule: ItemFilter
        let test: Test
    }

    static func details(
        _ rule: ItemRule,
        groups: [String: Int]
    ) throws(SelectorError) -> Details? {
        var details = Details()
        for (name, group) in groups.sorted(by: { $0.value < $1.value })
        where name != "image" && name != "name" {
            details.fields.append(Field(name: name, source: .group(group), isList: false))
        }
        details.fields += try fields(rule.fields, ofJSON: rule.each.language == .json)
        for (name, transforms) in rule.transforms {
            var steps: [Step] = []
            for transform in transforms { steps.append(try step(transform)) }
            details.transforms[name] = steps
        }
        for filter in rule.filters {
            let test: Filter.Test
            switch filter.test {
            case .oneOf(let texts): test = .oneOf(Set(texts.map { $0.lowercased() }))
            case .matches(let selector): test = .matches(try search(selector))
            }
            details.filters.append(Filter(rule: filter, test: test))
        }
        return details.isEmpty && !rule.isFeed ? nil : details
    }

    static func fields(
        _ rules: [FieldRule],
        ofJSON isJSON: Bool
    ) throws(SelectorError) -> [Field] {
        var fields: [Field] = []
        for rule in rules {
            let source: Field.Source =
                isJSON
                ? .routes(try routes(rule.selectors))
                : .paths(try paths(rule.selectors, in: .item, taking: .text))
            fields.append(Field(name: rule.name, source: source, isList: rule.isList))
        }
        return fields
    }

    private static func step(_ transform: Transform) throws(SelectorError) -> Step {
        guard case .replace(let selector, let replacement) = transform else {
            return .plain(transform)
        }
        let search = try search(selector)
        do throws(ExpressionProblem) {
            try search.pattern.check(replacement: replacement)
        } catch {
            throw SelectorError(selector, error)
        }
        return .replace(search, with: replacement)
    }

    private static func search(_ selector: Selector) throws(SelectorError) -> Search {
        Search(selector: selector, pattern: try pattern(selector), group: 0)
    }
}
