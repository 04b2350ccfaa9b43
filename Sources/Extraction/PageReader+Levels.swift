import CLibXML2
import CrawlModel

extension PageReader {
    /// How the addresses of other pages are found.
    enum Next {
        case nodes(Query)
        case matches(Search)
        case members(SelectorPlan.Route)

        init(_ plan: SelectorPlan.Next, in context: XPathContext) {
            self =
                switch plan {
                case .nodes(let path): .nodes(Query(path, in: context))
                case .matches(let search): .matches(Search(search))
                case .members(let route): .members(route)
                }
        }

        var needsTree: Bool {
            if case .nodes = self { return true }
            return false
        }
    }

    /// How the following page is found.
    enum Following {
        case link(Next, into: AddressTemplate?)
        case counter(parameter: String, step: Int)

        init(_ plan: SelectorPlan.Following, in context: XPathContext) {
            self =
                switch plan {
                case .link(let next, let into): .link(Next(next, in: context), into: into)
                case .counter(let parameter, let step): .counter(parameter: parameter, step: step)
                }
        }

        var needsTree: Bool {
            guard case .link(let next, _) = self else { return false }
            return next.needsTree
        }
    }

    /// What a link stands in.
    enum Each {
        case nodes(Query)
        case members(SelectorPlan.Route)

        init(_ plan: SelectorPlan.Each, in context: XPathContext) {
            self =
                switch plan {
                case .nodes(let path): .nodes(Query(path, in: context))
                case .members(let route): .members(route)
                }
        }
    }

    /// How the pages of one level lead on.
    struct Level {
        let each: Each?
        let links: Next
        let fields: [Field]
        let next: Following?
        let again: Bool

        init(_ plan: SelectorPlan.Level, in context: XPathContext) {
            each = plan.each.map { Each($0, in: context) }
            links = Next(plan.links, in: context)
            fields = plan.fields.map { Field($0, in: context) }
            next = plan.next.map { Following($0, in: context) }
            again = plan.again
        }

        var needsTree: Bool {
            if case .nodes = each { return true }
            return links.needsTree || next?.needsTree == true
        }
    }

    /// The addresses that are found on a page, as it has them.
    private func references(
        of next: Next,
        in page: PageContent,
        _ limit: TimeLimit
    ) throws(ExtractionError) -> [String] {
        switch next {
        case .nodes(let query):
            guard let root = page.root else { return [] }
            return try evaluate(query, at: root) { $0.texts }
        case .members(let route): return try texts(of: route, in: page.json)
        case .matches(let search):
            var references: [String] = []
            try forEachMatch(of: search, in: page.text, limit) { match in
                references.append(match.decodedText(of: search.group))
            }
            return references
        }
    }

    /// Adds the page that follows; behind a page that has nothing on it, none is counted to.
    func addNext(
        _ following: Following?,
        in page: PageContent,
        hasItems: Bool,
        _ limit: TimeLimit,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        switch following {
        case nil: break
        case .counter(let parameter, let step):
            guard hasItems, let next = page.address.adding(step, to: parameter) else { break }
            reading.addNext([next.description], base: page.address)
        case .link(let next, let into):
            var references = try references(of: next, in: page, limit)
            if let into { references = references.map { into.address(with: PageText.address($0)) } }
            reading.addNext(references, base: page.base)
        }
    }

    /// Adds the pages that a page of this level leads to.
    func addLinks(
        _ level: Level,
        leadingTo number: Int,
        from place: PagePlace,
        in page: PageContent,
        _ limit: TimeLimit,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        /// Adds the page that an element or value leads to, with its fields.
        func add(_ reference: String?, _ fields: [(String, ItemFields.Value)]) {
            var target = PagePlace(level: number)
            for (name, value) in fields { target.fields.set(name, value) }
            target.fields = target.fields.adding(place.fields)
            reading.addLinks([reference ?? ""], base: page.base, target)
        }
        switch level.each {
        case nil:
            let target = PagePlace(level: number, fields: place.fields)
            let references = try references(of: level.links, in: page, limit)
            reading.addLinks(references, base: page.base, target)
        case .nodes(let each):
            guard let root = page.root, case .nodes(let link) = level.links else { return }
            try evaluate(each, at: root) { items throws(ExtractionError) in
                for (index, node) in items.nodes.enumerated() {
                    guard let node else { continue }
                    if index % 256 == 255 { try limit.check() }
                    var fields: [(String, ItemFields.Value)] = []
                    for field in level.fields {
                        fields.append((field.name, try value(of: field, at: node)))
                    }
                    add(try evaluate(link, at: node) { $0.firstText(PageText.address) }, fields)
                }
            }
        case .members(let each):
            guard let json = page.json, case .members(let link) = level.links else { return }
            for (index, item) in try places(of: each, in: json).enumerated() {
                if index % 256 == 255 { try limit.check() }
                var fields: [(String, ItemFields.Value)] = []
                for field in level.fields {
                    fields.append((field.name, try value(of: field, in: json, at: item)))
                }
                add(try first(of: [link], in: json, at: item, PageText.address), fields)
            }
        }
    }
}

extension PageReading {
    /// Adds pages of another level, each once.
    mutating func addLinks(
        _ references: [String],
        base: WebAddress,
        _ place: PagePlace
    ) {
        var known = Set(links.map(\.address))
        for reference in references.map(PageText.address) where !reference.isEmpty {
            guard let address = try? WebAddress(reference, relativeTo: base) else { continue }
            if known.insert(address).inserted { links.append(PageLink(address, place)) }
        }
    }
}
