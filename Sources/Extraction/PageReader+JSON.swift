import CrawlModel

// Pages that are JSON.
extension PageReader {
    /// The values that a path finds.
    func places(
        of route: SelectorPlan.Route,
        in json: JSONPathSearch,
        at item: Int = JSONDocument.root
    ) throws(ExtractionError) -> [Int] {
        do throws(JSONPathSearch.TooMuchWork) {
            return try json.places(of: route.path, from: item)
        } catch {
            throw .tooMuchWork(route.selector)
        }
    }

    /// The texts of the values that a path finds on a page; null, arrays and objects have none.
    func texts(
        of route: SelectorPlan.Route,
        in json: JSONPathSearch?,
        at item: Int = JSONDocument.root
    ) throws(ExtractionError) -> [String] {
        guard let json else { return [] }
        return try places(of: route, in: json, at: item).compactMap { json.document.text($0) }
    }

    /// The first text that one of the paths finds.
    func first(
        of routes: [SelectorPlan.Route],
        in json: JSONPathSearch,
        at item: Int,
        _ clean: (String) -> String
    ) throws(ExtractionError) -> String? {
        for route in routes {
            let found = try texts(of: route, in: json, at: item).lazy.map(clean)
                .first { !$0.isEmpty }
            if let found { return found }
        }
        return nil
    }

    /// The value of a field of an item.
    func value(
        of field: Field,
        in json: JSONPathSearch,
        at item: Int
    ) throws(ExtractionError) -> ItemFields.Value {
        guard case .routes(let routes) = field.source else { return .text("") }
        guard field.isList else {
            return .text(try first(of: routes, in: json, at: item, PageText.caption) ?? "")
        }
        for route in routes {
            let texts = try texts(of: route, in: json, at: item)
                .map(PageText.caption).filter { !$0.isEmpty }
            if !texts.isEmpty { return .list(texts) }
        }
        return .list([])
    }

    /// Adds the items of a page.
    func addMembers(
        _ each: SelectorPlan.Route,
        _ image: [SelectorPlan.Route],
        _ name: [SelectorPlan.Route],
        in json: JSONPathSearch,
        _ base: WebAddress,
        _ limit: TimeLimit,
        to reading: inout PageReading
    ) throws(ExtractionError) {
        for (index, place) in try places(of: each, in: json).enumerated() {
            if index % 256 == 255 { try limit.check() }
            var item = FoundItem(
                reference: try first(of: image, in: json, at: place, PageText.address) ?? "",
                name: try first(of: name, in: json, at: place, PageText.caption) ?? ""
            )
            for field in details?.fields ?? [] {
                item.fields.append((field.name, try value(of: field, in: json, at: place)))
            }
            try add(item, base, to: &reading)
        }
    }
}
