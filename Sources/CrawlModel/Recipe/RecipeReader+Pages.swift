// Where pages come from.
extension RecipeReader {
    /// The start pages of a recipe, each kind in the order it is written.
    struct Starts {
        var pages: [PageTemplate] = []
        var sitemaps: [PageTemplate] = []
        var files: [String] = []
    }

    func starts(_ value: RecipeValue) throws(RecipeError) -> Starts {
        var starts = Starts()
        for entry in value.list {
            guard entry.isMapping else {
                starts.pages.append(try entry.checked(PageTemplate.init))
                continue
            }
            let mapping = try entry.mapping()
            try mapping.allow(["sitemap", "file"])
            guard mapping.entries.count == 1, let (name, value) = mapping.entries.first else {
                throw entry.error("this is no kind of page", cure: "write sitemap: or file:")
            }
            if name == "sitemap" {
                starts.sitemaps.append(try value.checked(PageTemplate.init))
            } else {
                starts.files.append(try value.text())
            }
        }
        if starts.pages.isEmpty, starts.sitemaps.isEmpty, starts.files.isEmpty {
            throw value.error("'pages' is empty", cure: "give at least one address")
        }
        return starts
    }

    func follow(_ value: RecipeValue?) throws(RecipeError) -> [FollowRule] {
        guard let value else { return [] }
        var rules: [FollowRule] = []
        for entry in value.list { rules.append(try followRule(entry)) }
        return rules
    }

    private func followRule(_ value: RecipeValue) throws(RecipeError) -> FollowRule {
        let keys = ["each", "link", "fields", "next", "again"]
        let mapping = value.isMapping ? try value.mapping() : nil
        guard let mapping, keys.contains(where: mapping.has) else {
            return FollowRule(each: nil, link: try value.selector(.css))
        }
        try mapping.allow(keys)
        let each = try mapping.value("each")?.selector(.css)
        let language = each?.language ?? .css
        let fields = try mapping.value("fields")
        if each == nil, let fields {
            throw fields.error(
                "'fields' needs 'each': the element that a link and its fields stand in",
                cure: "add each: \"li.album\", say"
            )
        }
        return FollowRule(
            each: each,
            link: try mapping.required("link", cure: "say where the address is: a::attr(href)")
                .selector(language),
            fields: try self.fields(fields, language),
            next: try next(mapping.value("next"), of: []),
            again: try mapping.value("again")?.word(Answer.self) == .yes
        )
    }

    /// How pages lead to the following ones; `pages` are those that it starts with, where they are written
    /// in the recipe.
    func next(
        _ value: RecipeValue?,
        of pages: [PageTemplate]
    ) throws(RecipeError) -> NextRule? {
        guard let value else { return nil }
        guard value.isMapping else { return .link(try value.selector(.css), into: nil) }
        let mapping = try value.mapping()
        if mapping.has("add") || mapping.has("to") {
            try mapping.allow(["add", "to"])
            let name = try mapping.required("to", cure: "name the parameter: to: offset").text()
            let step = try mapping.required("add", cure: "say how much: add: 50")
                .number(in: 1...1_000_000_000)
            if let page = pages.first(where: { !$0.first.has(parameter: name) }) {
                throw value.error(
                    "'\(page.text)' has no parameter '\(name)' to add to",
                    cure: "begin with it in the address of the page: ?\(name)=0"
                )
            }
            return .counter(parameter: name, step: step)
        }
        guard let into = try mapping.value("into") else {
            return .link(try value.selector(.css), into: nil)
        }
        try mapping.allow(Selector.Language.allCases.map(\.rawValue) + ["into"])
        let selectors = mapping.entries.filter { $0.name != "into" }
        guard selectors.count == 1, let (name, selector) = selectors.first else {
            throw value.error("'into' needs one selector", cure: "add json: $.next_cursor, say")
        }
        return .link(
            try selector.selector(Selector.Language(rawValue: name) ?? .css),
            into: try into.checked(AddressTemplate.init)
        )
    }

    /// A yes or no.
    private enum Answer: String, CaseIterable {
        case yes = "true"
        case no = "false"
    }
}
