import CLibXML2
import CrawlModel

extension PageReader {
    /// How the addresses of other pages are found.
    enum Next {
        case nodes(Query)
        case matches(Search)

        init(_ plan: SelectorPlan.Next, in context: XPathContext) {
            self =
                switch plan {
                case .nodes(let path): .nodes(Query(path, in: context))
                case .matches(let search): .matches(Search(search))
                }
        }

        var needsTree: Bool {
            if case .nodes = self { return true }
            return false
        }
    }

    /// How the pages of one level lead on.
    struct Level {
        let each: Query?
        let links: Next
        let fields: [Field]
        let next: Next?
        let again: Bool

        init(_ plan: SelectorPlan.Level, in context: XPathContext) {
            each = plan.each.map { Query($0, in: context) }
            links = Next(plan.links, in: context)
            fields = plan.fields.map { Field($0, in: context) }
            next = plan.next.map { Next($0, in: context) }
            again = plan.again
        }

        var needsTree: Bool { each != nil || links.needsTree || next?.needsTree == true }
    }

    /// The addresses that are found on a page, as it has them.
    func references(
        of next: Next,
        in text: UnsafeBufferPointer<UInt8>,
        at root: xmlNodePtr?,
        _ limit: TimeLimit
    ) throws(ExtractionError) -> [String] {
        switch next {
        case .nodes(let query):
            guard let root else { return [] }
            return try evaluate(query, at: root) { $0.texts }
        case .matches(let search):
            var references: [String] = []
            try forEachMatch(of: search, in: text, limit) { match in
                references.append(match.decodedText(of: search.group))
            }
            return references
        }
    }

    /// Adds the pages that a page of this level leads to.
    func addLinks(
        _ level: Level,
        leadingTo number: Int,
        from place: PagePlace,
        in text: UnsafeBufferPointer<UInt8>,
        at root: xmlNodePtr?,
        _ base: WebAddress,
        _ limit: TimeLimit,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        guard let each = level.each else {
            let target = PagePlace(level: number, fields: place.fields)
            let references = try references(of: level.links, in: text, at: root, limit)
            return reading.addLinks(references, base: base, target)
        }
        guard let root, case .nodes(let link) = level.links else { return }
        try evaluate(each, at: root) { items throws(ExtractionError) in
            for (index, node) in items.nodes.enumerated() {
                guard let node else { continue }
                if index % 256 == 255 { try limit.check() }
                var target = PagePlace(level: number)
                for field in level.fields {
                    target.fields.set(field.name, try value(of: field, at: node))
                }
                target.fields = target.fields.adding(place.fields)
                let reference = try evaluate(link, at: node) { $0.firstText(PageText.address) }
                reading.addLinks([reference ?? ""], base: base, target)
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
