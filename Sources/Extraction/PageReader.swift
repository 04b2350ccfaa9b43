import CLibXML2
import CrawlModel

/// A page while it is read.
struct PageContent {
    let text: UnsafeBufferPointer<UInt8>
    let encoding: CharacterEncoding
    /// Where it came from.
    let address: WebAddress
    /// What its references are relative to.
    var base: WebAddress
    /// The tree of a page of HTML that is searched as one.
    var root: xmlNodePtr?
    /// The values of a page of JSON.
    var json: JSONPathSearch?

    init(text: UnsafeBufferPointer<UInt8>, encoding: CharacterEncoding, address: WebAddress) {
        self.text = text
        self.encoding = encoding
        self.address = address
        base = address
    }
}

/// Reads pages with a recipe; used by one thread at a time, for as many pages as one likes.
final class PageReader: @unchecked Sendable {
    // Proof for Sendable: an `Extractor` hands each reader to one thread at a time, through a mutex.

    /// A selector as XPath, compiled; a class, since it is handed around for every item.
    final class Query {
        let selector: Selector
        let expression: XPathExpression
        let mayBeSourceSet: Bool

        init(_ path: SelectorPlan.Path, in context: XPathContext) {
            selector = path.selector
            mayBeSourceSet = path.mayBeSourceSet
            do throws(ExpressionProblem) {
                expression = try XPathExpression(path.expression, in: context)
            } catch {
                preconditionFailure("'\(path.expression)' was compiled before and now can't be")
            }
        }
    }

    /// A pattern with room for its search.
    struct Search {
        let selector: Selector
        let matcher: PatternMatcher
        let group: Int
    }

    private enum Items {
        case nodes(each: Query, image: [Query], name: [Query])
        case matches(Search, name: Int?)
        case members(
            each: SelectorPlan.Route,
            image: [SelectorPlan.Route],
            name: [SelectorPlan.Route]
        )
        case entries
    }

    let decoder = PageDecoder()
    private let context: XPathContext
    private let items: Items
    let details: Details?
    private let next: Following?
    let levels: [Level]
    private let areJSON: [Bool]

    init(_ plan: SelectorPlan) {
        let context = XPathContext()
        self.context = context
        items =
            switch plan.items {
            case .nodes(let each, let image, let name):
                .nodes(
                    each: Query(each, in: context),
                    image: image.map { Query($0, in: context) },
                    name: name.map { Query($0, in: context) }
                )
            case .matches(let search, let name): .matches(Search(search), name: name)
            case .members(let each, let image, let name):
                .members(each: each, image: image, name: name)
            case .entries: .entries
            }
        details = plan.details.map { Details($0, in: context) }
        next = plan.next.map { Following($0, in: context) }
        levels = plan.levels.map { Level($0, in: context) }
        areJSON = plan.areJSON
    }

    /// What the recipe finds on one page.
    func read(
        _ body: [UInt8],
        contentType: String?,
        address: WebAddress,
        place: PagePlace,
        limit: TimeLimit
    ) throws(ExtractionError) -> PageReading {
        if isList(place) {
            return try readList(body, contentType: contentType, address, place, limit)
        }
        let isJSON = areJSON[min(max(place.level, 0), levels.count)]
        let page = try decoder.decode(body, contentType: contentType, isMarkup: !isJSON)
        return try page.withText { text throws(ExtractionError) in
            var content = PageContent(text: text, encoding: page.encoding, address: address)
            if isJSON {
                return try JSONDocument.parse(text) { document throws(ExtractionError) in
                    content.json = JSONPathSearch(document)
                    return try read(content, place, limit)
                }
            }
            guard needsTree(text) else { return try read(content, place, limit) }
            return try HTMLDocument.parse(text, limit: limit) { tree throws(ExtractionError) in
                context.enter(tree)
                defer { context.leave() }
                if let base = tree.base.flatMap({ try? WebAddress($0, relativeTo: address) }) {
                    content.base = base
                }
                content.root = tree.root
                return try read(content, place, limit)
            }
        }
    }

    /// Whether a page is a sitemap or a feed, and no HTML.
    private func isList(_ place: PagePlace) -> Bool {
        if place.level == PagePlace.sitemap { return true }
        guard case .entries = items else { return false }
        return place.level >= levels.count
    }

    /// Whether the page must be parsed: for a selector, or because it may have a `<base>`.
    private func needsTree(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if case .nodes = items { return true }
        if next?.needsTree == true || levels.contains(where: \.needsTree) { return true }
        return PageText.mayHaveBase(text)
    }

    private func read(
        _ page: PageContent,
        _ place: PagePlace,
        _ limit: TimeLimit
    ) throws(ExtractionError) -> PageReading {
        var reading = PageReading(
            discoveries: [],
            itemsWithoutImage: 0,
            nextPages: [],
            encoding: page.encoding.name
        )
        var number = max(place.level, 0)
        while number < levels.count {
            let level = levels[number]
            let linksBefore = reading.links.count
            try addLinks(
                level,
                leadingTo: level.again ? number : number + 1,
                from: place,
                in: page,
                limit,
                to: &reading
            )
            let hasLinks = reading.links.count > linksBefore
            try addNext(level.next, in: page, hasItems: hasLinks, limit, to: &reading)
            guard level.again else { return reading }
            number += 1
        }
        switch items {
        case .nodes(let each, let image, let name):
            guard let root = page.root else { break }
            try addItems(each, image, name, at: root, page.base, limit, to: &reading)
        case .matches(let search, let name):
            try addMatches(search, name, in: page.text, page.base, limit, to: &reading)
        case .members(let each, let image, let name):
            guard let json = page.json else { break }
            try addMembers(each, image, name, in: json, page.base, limit, to: &reading)
        case .entries: break
        }
        let hasItems = !reading.discoveries.isEmpty || reading.itemsWithoutImage > 0
        try addNext(next, in: page, hasItems: hasItems, limit, to: &reading)
        if !place.fields.isEmpty { reading.hand(down: place.fields) }
        return reading
    }

    private func addItems(
        _ each: Query,
        _ image: [Query],
        _ name: [Query],
        at root: xmlNodePtr,
        _ base: WebAddress,
        _ limit: TimeLimit,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        try evaluate(each, at: root) { items throws(ExtractionError) in
            for (index, node) in items.nodes.enumerated() {
                guard let node else { continue }
                if index % 256 == 255 { try limit.check() }
                let reference = try first(of: image, at: node, PageText.address) ?? ""
                let caption = try first(of: name, at: node, PageText.caption) ?? ""
                guard let details else {
                    reading.add(reference, base, caption)
                    continue
                }
                var item = FoundItem(reference: reference, name: caption)
                for field in details.fields {
                    item.fields.append((field.name, try value(of: field, at: node)))
                }
                reading.add(try complete(item, by: details, base: base))
            }
        }
    }

    private func addMatches(
        _ search: Search,
        _ name: Int?,
        in text: UnsafeBufferPointer<UInt8>,
        _ base: WebAddress,
        _ limit: TimeLimit,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        var problem: ExtractionError?
        try forEachMatch(of: search, in: text, limit) { match in
            let reference = PageText.address(match.decodedText(of: search.group))
            let caption = name.map { PageText.caption(match.decodedText(of: $0)) } ?? ""
            guard let details else { return reading.add(reference, base, caption) }
            var item = FoundItem(reference: reference, name: caption)
            for field in details.fields {
                guard case .group(let group) = field.source else { continue }
                let text = PageText.caption(match.decodedText(of: group))
                item.fields.append((field.name, .text(text)))
            }
            do throws(ExtractionError) {
                reading.add(try complete(item, by: details, base: base))
            } catch {
                problem = problem ?? error
            }
        }
        if let problem { throw problem }
    }

    /// Adds an item whose texts are found, and makes of them what the recipe asks for.
    func add(
        _ item: FoundItem,
        _ base: WebAddress,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        guard let details else { return reading.add(item.reference, base, item.name) }
        reading.add(try complete(item, by: details, base: base))
    }

    // MARK: Selectors and patterns

    func evaluate<Result>(
        _ query: Query,
        at node: xmlNodePtr,
        _ use: (XPathValue) throws(ExtractionError) -> Result
    ) throws(ExtractionError) -> Result {
        guard let value = context.evaluate(query.expression, at: node) else {
            let problem = context.lastProblem.code
            if problem == XPATH_OP_LIMIT_EXCEEDED { throw .tooMuchWork(query.selector) }
            throw .failed(query.selector, reason: "XPath error \(problem.rawValue)")
        }
        defer { value.free() }
        return try use(value)
    }

    func forEachMatch(
        of search: Search,
        in text: UnsafeBufferPointer<UInt8>,
        _ limit: TimeLimit,
        _ visit: (PatternMatch) -> Void
    ) throws(ExtractionError) {
        do throws(PatternMatcher.Failure) {
            try search.matcher.forEachMatch(in: text, limit: limit, visit)
        } catch {
            switch error {
            case .tooMuchWork: throw .tooMuchWork(search.selector)
            case .tookTooLong: throw .tookTooLong
            case .other(let code): throw .failed(search.selector, reason: "PCRE2 error \(code)")
            }
        }
    }
}

extension PageReader.Search {
    init(_ search: SelectorPlan.Search) {
        selector = search.selector
        matcher = PatternMatcher(search.pattern)
        group = search.group
    }
}

extension PatternMatch {
    func decodedText(of group: Int) -> String {
        CharacterReferences.decoded(text(of: group))
    }
}

extension PageReading {
    /// Adds an item of which nothing more is asked than picture and caption.
    fileprivate mutating func add(_ reference: String, _ base: WebAddress, _ name: String) {
        add(
            reference.isEmpty
                ? nil : Discovery(reference: reference, base: base, name: name)
        )
    }

    /// Adds an item; `nil` is one without a picture.
    fileprivate mutating func add(_ discovery: Discovery?) {
        guard var discovery else {
            itemsWithoutImage += 1
            return
        }
        discovery.index = discoveries.count + 1
        discoveries.append(discovery)
    }

    mutating func hand(down fields: ItemFields) {
        for index in discoveries.indices {
            discoveries[index].fields = discoveries[index].fields.adding(fields)
        }
    }

    /// What is no address that can be asked for, such as `javascript:void(0)`, leads nowhere.
    mutating func addNext(_ references: [String], base: WebAddress) {
        var known = Set(nextPages)
        for reference in references.map(PageText.address) where !reference.isEmpty {
            guard let address = try? WebAddress(reference, relativeTo: base) else { continue }
            if known.insert(address).inserted { nextPages.append(address) }
        }
    }
}
