// What an item is, and what is made of its fields.
extension RecipeReader {
    /// Names that mean something else in a path or a filter.
    private static let reserved: Set<String> = [
        "image", "name", "extension", "index", "page", "host", "hash",
    ]

    func item(_ value: RecipeValue) throws(RecipeError) -> ItemRule {
        if value.isScalar, try value.text() == "feed" {
            return feed(try value.selector(.css))
        }
        let mapping = try value.mapping()
        try mapping.allow([
            "feed", "each", "xpath", "json", "regex", "image", "name", "fields", "transform",
            "only", "unless",
        ])
        if let each = try mapping.value("feed") {
            try mapping.allow(["feed", "transform", "only", "unless"])
            return try refined(feed(try each.selector(.css)), by: mapping)
        }
        let ways: [(key: String, language: Selector.Language)] = [
            ("each", .css), ("xpath", .xpath), ("json", .json), ("regex", .regex),
        ]
        let given = ways.filter { mapping.has($0.key) }
        guard given.count == 1, let way = given.first else {
            throw value.error(
                given.isEmpty
                    ? "'item' does not say what an item is" : "'item' says it in two ways",
                cure: "write one of 'each' (CSS), 'xpath', 'json' and 'regex'"
            )
        }
        let each = try mapping.required(way.key, cure: "write a selector").selector(way.language)
        var rule = ItemRule(each: each, image: [], name: [])
        if way.language == .regex {
            try refuseSelectors(beside: mapping)
        } else {
            rule.image = try mapping.required(
                "image",
                cure: "say where its address is: "
                    + (way.language == .json ? "@.url" : "img::attr(src)")
            ).selectors(way.language)
            rule.name = try mapping.value("name")?.selectors(way.language) ?? []
            rule.fields = try fields(mapping.value("fields"), way.language)
        }
        return try refined(rule, by: mapping)
    }

    /// The pictures of a feed's entries.
    private func feed(_ selector: Selector) -> ItemRule {
        var rule = ItemRule(each: selector, image: [], name: [])
        rule.isFeed = true
        return rule
    }

    private func refined(
        _ rule: ItemRule,
        by mapping: RecipeMapping
    ) throws(RecipeError) -> ItemRule {
        var rule = rule
        let names = fieldNames(of: rule).union(["image", "name"])
        rule.transforms = try transforms(mapping.value("transform"), fields: names)
        rule.filters =
            try filters(mapping.value("only"), keeps: true, fields: names)
            + filters(mapping.value("unless"), keeps: false, fields: names)
        return rule
    }

    private func refuseSelectors(beside mapping: RecipeMapping) throws(RecipeError) {
        for key in ["image", "name", "fields"] {
            guard let extra = try mapping.value(key) else { continue }
            throw extra.error(
                "'\(key)' can't stand beside 'regex'",
                cure: "name a group of the pattern: (?<\(key == "fields" ? "author" : key)>…)"
            )
        }
    }

    /// The names of an item's further fields; a pattern's are its groups.
    func fieldNames(of rule: ItemRule) -> Set<String> {
        if rule.isFeed { return ["author", "date", "guid", "link", "tags"] }
        guard rule.each.language == .regex else { return Set(rule.fields.map(\.name)) }
        let groups = rule.each.text.matches(of: /\(\?P?[<']([A-Za-z_][A-Za-z0-9_]*)[>']/)
        return Set(groups.map { String($0.1) }).subtracting(Self.reserved)
    }

    func fields(
        _ value: RecipeValue?,
        _ language: Selector.Language
    ) throws(RecipeError) -> [FieldRule] {
        guard let value else { return [] }
        var fields: [FieldRule] = []
        for (name, value) in try value.mapping().entries {
            guard name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, !Self.reserved.contains(name)
            else {
                throw value.error(
                    "a field can't be called '\(name)'",
                    cure: Self.reserved.contains(name)
                        ? "the word has another meaning: choose another"
                        : "use small letters, digits and _"
                )
            }
            fields.append(try field(name, value, language))
        }
        return fields
    }

    private func field(
        _ name: String,
        _ value: RecipeValue,
        _ language: Selector.Language
    ) throws(RecipeError) -> FieldRule {
        guard value.isMapping, let all = try value.mapping().value("all") else {
            return FieldRule(name: name, selectors: try value.selectors(language), isList: false)
        }
        return FieldRule(name: name, selectors: try all.selectors(language), isList: true)
    }

    // MARK: Transforms

    private func transforms(
        _ value: RecipeValue?,
        fields: Set<String>
    ) throws(RecipeError) -> [String: [Transform]] {
        guard let mapping = try value?.mapping() else { return [:] }
        try mapping.allow(fields.sorted())
        var transforms: [String: [Transform]] = [:]
        for (name, value) in mapping.entries {
            var steps: [Transform] = []
            for step in value.list { steps.append(try transform(step)) }
            transforms[name] = steps
        }
        return transforms
    }

    private func transform(_ value: RecipeValue) throws(RecipeError) -> Transform {
        guard value.isMapping else {
            switch try value.text() {
            case "trim": return .trim(nil)
            case "url_decode": return .urlDecode
            case "srcset": return .sourceSet
            default: throw unknownStep(value)
            }
        }
        let mapping = try value.mapping()
        if let pattern = try mapping.value("replace") {
            try mapping.allow(["replace", "with"])
            let replacement = try mapping.value("with")?.text() ?? ""
            return .replace(try pattern.selector(.regex), with: replacement)
        }
        guard let (name, value) = mapping.entries.first, mapping.entries.count == 1 else {
            throw unknownStep(value)
        }
        switch name {
        case "trim": return .trim(try value.text())
        case "default": return .standard(try value.text())
        case "date": return .date(try value.checked(DatePattern.init))
        case "original": return try original(value)
        default: throw unknownStep(value)
        }
    }

    /// The address of the whole picture from that of a small one, as widely used programs make them.
    private func original(_ value: RecipeValue) throws(RecipeError) -> Transform {
        switch try value.text() {
        case "wordpress":
            // cat-300x200.jpg, cat-scaled.jpg
            let pattern = #"-(?:\d+x\d+|scaled)(\.\w+)(?=[?#]|$)"#
            return .replace(value.selector(.regex, standingFor: pattern), with: "$1")
        case "mediawiki":
            // /thumb/a/ab/Cat.jpg/220px-Cat.jpg
            let pattern = #"/thumb(/.+)/[^/]*px-[^/]+$"#
            return .replace(value.selector(.regex, standingFor: pattern), with: "$1")
        default:
            throw value.error(
                "'\(try value.text())' is not known for 'original'",
                cure: "write wordpress or mediawiki, or a replace of your own"
            )
        }
    }

    private func unknownStep(_ value: RecipeValue) -> RecipeError {
        value.error(
            "this is no step of 'transform'",
            cure: "write trim, url_decode, srcset, or one of { replace: …, with: … }, "
                + "{ trim: … }, { date: … }, { default: … }, { original: wordpress }"
        )
    }

    // MARK: Filters

    private func filters(
        _ value: RecipeValue?,
        keeps: Bool,
        fields: Set<String>
    ) throws(RecipeError) -> [ItemFilter] {
        guard let mapping = try value?.mapping() else { return [] }
        try mapping.allow((fields.union(["extension", "host"])).sorted())
        var filters: [ItemFilter] = []
        for (name, value) in mapping.entries {
            filters.append(ItemFilter(field: name, test: try test(value), keeps: keeps))
        }
        return filters
    }

    private func test(_ value: RecipeValue) throws(RecipeError) -> ItemFilter.Test {
        if value.isMapping {
            let mapping = try value.mapping()
            try mapping.allow(["regex"])
            return .matches(
                try mapping.required("regex", cure: "write a pattern").selector(.regex)
            )
        }
        var texts: [String] = []
        for entry in value.list { texts.append(try entry.text()) }
        return .oneOf(texts)
    }
}
