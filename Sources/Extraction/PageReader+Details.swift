import CLibXML2
import CrawlModel

extension PageReader {
    /// What is done for an item beyond its picture and caption, compiled.
    final class Details {
        let fields: [Field]
        let transforms: [String: [SelectorPlan.Step]]
        let filters: [SelectorPlan.Filter]

        init(_ plan: SelectorPlan.Details, in context: XPathContext) {
            fields = plan.fields.map { Field($0, in: context) }
            transforms = plan.transforms
            filters = plan.filters
        }
    }

    /// A further field.
    struct Field {
        enum Source {
            case queries([Query])
            case routes([SelectorPlan.Route])
            case group(Int)
        }

        let name: String
        let source: Source
        let isList: Bool

        init(_ plan: SelectorPlan.Field, in context: XPathContext) {
            name = plan.name
            isList = plan.isList
            source =
                switch plan.source {
                case .paths(let paths): .queries(paths.map { Query($0, in: context) })
                case .routes(let routes): .routes(routes)
                case .group(let group): .group(group)
                }
        }
    }

    /// The first text that one of the selectors finds.
    func first(
        of queries: [Query],
        at node: xmlNodePtr,
        _ clean: (String) -> String
    ) throws(ExtractionError) -> String? {
        for query in queries {
            let found = try evaluate(query, at: node) { value in
                query.mayBeSourceSet ? value.firstAddress(clean) : value.firstText(clean)
            }
            if let found { return found }
        }
        return nil
    }

    /// The value of a field in an element.
    func value(of field: Field, at node: xmlNodePtr) throws(ExtractionError) -> ItemFields.Value {
        guard case .queries(let queries) = field.source else { return .text("") }
        guard field.isList else {
            return .text(try first(of: queries, at: node, PageText.caption) ?? "")
        }
        for query in queries {
            let texts = try evaluate(query, at: node) { $0.texts }
                .map(PageText.caption).filter { !$0.isEmpty }
            if !texts.isEmpty { return .list(texts) }
        }
        return .list([])
    }

    /// Brings an item into its last form: texts transformed, fields set, filters asked.
    func complete(
        _ item: FoundItem,
        by details: Details,
        base: WebAddress
    ) throws(ExtractionError) -> Discovery? {
        let reference = try transform(item.reference, "image", details)
        guard !reference.isEmpty else { return nil }
        let name = try transform(item.name, "name", details)
        var fields = ItemFields()
        for (field, value) in item.fields {
            switch value {
            case .text(let text): fields.set(field, .text(try transform(text, field, details)))
            case .list(let texts):
                var made: [String] = []
                for text in texts { made.append(try transform(text, field, details)) }
                fields.set(field, .list(made.filter { !$0.isEmpty }))
            }
        }
        var discovery = Discovery(reference: reference, base: base, name: name)
        discovery.fields = fields
        discovery.refusal = try refusal(of: discovery, details.filters)
        return discovery
    }

    private func transform(
        _ text: String,
        _ field: String,
        _ details: Details
    ) throws(ExtractionError) -> String {
        guard let steps = details.transforms[field] else { return text }
        var text = text
        for step in steps {
            switch step {
            case .replace(let search, let replacement):
                text = try result(of: search) { $0.replaced(text, with: replacement) }
            case .plain(let transform): text = transform.applied(to: text)
            }
        }
        return field == "image" ? PageText.address(text) : PageText.caption(text)
    }

    // MARK: Filters

    func refusal(
        of discovery: Discovery,
        _ filters: [SelectorPlan.Filter]
    ) throws(ExtractionError) -> String? {
        for filter in filters {
            let texts = discovery.texts(of: filter.rule.field)
            var passes = false
            for text in texts where !passes {
                switch filter.test {
                case .oneOf(let words): passes = words.contains(text.lowercased())
                case .matches(let search): passes = try result(of: search) { $0.matches(text) }
                }
            }
            guard passes != filter.rule.keeps else { continue }
            let value = texts.joined(separator: ", ")
            return "'\(filter.rule.field)' is '\(value)', which the recipe's "
                + (filter.rule.keeps ? "'only' does not have" : "'unless' leaves out")
        }
        return nil
    }

    private func result<Value>(
        of search: SelectorPlan.Search,
        _ work: (Pattern) -> Result<Value, PatternMatcher.Failure>
    ) throws(ExtractionError) -> Value {
        switch work(search.pattern) {
        case .success(let value): return value
        case .failure(.other(let code)):
            throw .failed(search.selector, reason: "PCRE2 error \(code)")
        case .failure: throw .tooMuchWork(search.selector)
        }
    }
}

/// An item as the page has it, before anything is made of its texts.
struct FoundItem {
    var reference: String
    var name: String
    var fields: [(name: String, value: ItemFields.Value)] = []
}

extension Discovery {
    /// A discovery whose address is resolved against that of the page.
    init(reference: String, base: WebAddress, name: String) {
        if InlineImage.isMeant(by: reference) {
            self.init(inline: reference, name: name)
            return
        }
        self.init(
            reference: reference,
            address: Result { () throws(AddressError) in
                try WebAddress(reference, relativeTo: base)
            },
            name: name
        )
    }

    /// A discovery of a picture whose bytes stand in the page; they are too long to be kept as a reference.
    private init(inline reference: String, name: String) {
        do throws(AddressError) {
            let image = try InlineImage(reference)
            self.init(
                reference: image.address.description,
                address: .success(image.address),
                name: name
            )
            content = image.content
        } catch {
            self.init(
                reference: String(reference.prefix(200)),
                address: .failure(error),
                name: name
            )
        }
    }

    /// What a filter on a field looks at; an empty text where there is nothing.
    fileprivate func texts(of field: String) -> [String] {
        let found: [String] =
            switch field {
            case "image": [(try? address.get().description) ?? reference]
            case "name": [name]
            case "host": [(try? address.get().host) ?? ""]
            case "extension": [(try? address.get().fileExtension) ?? ""]
            default: fields.texts(field)
            }
        return found.isEmpty ? [""] : found
    }
}

extension WebAddress {
    /// What stands behind the last dot of the file's name, in lower case, without the dot.
    fileprivate var fileExtension: String {
        let file = lastPathComponent
        return file.lastIndex(of: ".").map { file[file.index(after: $0)...].lowercased() } ?? ""
    }
}

extension Transform {
    /// The text that a step without a pattern makes.
    fileprivate func applied(to text: String) -> String {
        switch self {
        case .replace: return text
        case .trim(nil): return text.trimmed { $0.isWhitespace }
        case .trim(let characters?): return text.trimmed { characters.contains($0) }
        case .urlDecode: return WebAddress.decoded(text)
        case .date(let pattern): return WrittenDate(text, pattern)?.iso ?? ""
        case .sourceSet: return SourceSet.largest(of: text) ?? ""
        case .standard(let standard): return text.isEmpty ? standard : text
        }
    }
}

extension String {
    fileprivate func trimmed(_ isEdge: (Character) -> Bool) -> String {
        var rest = self[...].drop(while: isEdge)
        while let last = rest.last, isEdge(last) { rest.removeLast() }
        return String(rest)
    }
}
