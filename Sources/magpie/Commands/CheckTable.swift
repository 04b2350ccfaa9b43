import CrawlModel

/// What a recipe found on a page, for people and programs.
struct CheckTable: Encodable {
    struct Item: Encodable {
        let name: String
        let url: String
        let path: String?
        let problem: String?
        /// The further fields; lists joined by commas.
        let fields: [String: String]?
    }

    let items: [Item]
    let itemsWithoutImage: Int
    let next: [String]
    /// Pages of the next level.
    let links: [String]
    let encoding: String
    /// What is odd about the paths of all items together.
    let warnings: [String]

    enum CodingKeys: String, CodingKey {
        case items
        case itemsWithoutImage = "items_without_image"
        case next, links, encoding, warnings
    }

    init(_ recipe: Recipe, _ reading: PageReading, page: WebAddress) {
        var owners: [String: String] = [:]
        items = reading.discoveries.map { discovery in
            Self.item(discovery, recipe.path.path(of: discovery, page: page), &owners)
        }
        itemsWithoutImage = reading.itemsWithoutImage
        next = reading.nextPages.map(\.description)
        links = reading.links.map(\.address.description)
        encoding = reading.encoding
        warnings = Self.warnings(recipe.path, reading.discoveries, page)
    }

    private static func item(
        _ discovery: Discovery,
        _ path: ImagePath,
        _ owners: inout [String: String]
    ) -> Item {
        var url = discovery.reference
        var problem = discovery.refusal.map { "left out: \($0)" }
        switch discovery.address {
        case .failure(let error): problem = problem ?? "\(error)"
        case .success(let address):
            url = address.description
            if problem != nil { break }
            let key = path.folder + path.key + path.extensionName
            if let owner = owners[key] {
                problem = owner == url ? "the same picture again" : "the path belongs to \(owner)"
            } else {
                owners[key] = url
            }
        }
        let isAsked = (try? discovery.address.get()) != nil && discovery.refusal == nil
        let names = discovery.fields.names
        return Item(
            name: discovery.name,
            url: url,
            path: isAsked ? path.description : nil,
            problem: problem,
            fields: names.isEmpty
                ? nil
                : Dictionary(uniqueKeysWithValues: names.map { ($0, discovery.fields[$0] ?? "") })
        )
    }

    private static func warnings(
        _ template: PathTemplate,
        _ discoveries: [Discovery],
        _ page: WebAddress
    ) -> [String] {
        guard !discoveries.isEmpty else { return [] }
        var warnings = template.emptyPlaceholders(for: discoveries, page: page).map {
            "\($0) is empty for every item: look at its selector, or give it a 'default'"
        }
        let paths = Set(discoveries.map { template.path(of: $0, page: page) })
        let pictures = Set(discoveries.compactMap { try? $0.address.get() })
        if pictures.count > 1, paths.count == 1, let path = paths.first {
            warnings.append(
                "every item gets the path '\(path)': put {name}, {index} or {hash:8} into 'path'"
            )
        }
        return warnings
    }

    private var fieldNames: [String] {
        Set(items.flatMap { $0.fields?.keys.map(\.self) ?? [] }).sorted()
    }

    var lines: [String] {
        var lines =
            items.isEmpty
            ? []
            : TextTable(
                header: ["path", "picture"] + fieldNames + ["note"],
                rows: items.map { item in
                    [item.path ?? "", item.url] + fieldNames.map { item.fields?[$0] ?? "" }
                        + [item.problem ?? ""]
                }
            ).lines
        lines.append(
            "\(Plain.count(items.count, "item")), \(itemsWithoutImage) without a picture, "
                + "read as \(encoding)"
        )
        lines += warnings.map { "warning: \(Plain.text($0))" }
        for address in next { lines.append("next: \(Plain.text(address))") }
        for address in links { lines.append("follow: \(Plain.text(address))") }
        if items.isEmpty, links.isEmpty {
            lines.append("nothing was found: compare 'item' with the page's source")
        }
        return lines
    }
}
