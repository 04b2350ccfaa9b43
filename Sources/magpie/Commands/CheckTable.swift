import CrawlModel
import Extraction

/// What a recipe found on a page, for people and programs.
struct CheckTable: Encodable {
    struct Item: Encodable {
        let name: String
        let url: String
        let path: String?
        let problem: String?
        /// How the crawl folder knows it.
        let known: String?
        /// The further fields; lists joined by commas.
        let fields: [String: String]?

        init(
            _ discovery: Discovery,
            url: String,
            path: String?,
            problem: String?,
            known: String? = nil
        ) {
            name = discovery.name
            self.url = url
            self.path = path
            self.problem = problem
            self.known = known
            let names = discovery.fields.names
            fields =
                names.isEmpty
                ? nil
                : Dictionary(
                    uniqueKeysWithValues: names.map { ($0, discovery.fields[$0] ?? "") }
                )
        }
    }

    /// A selector that found nothing.
    struct Hint: Encodable {
        struct Step: Encodable {
            let selector: String
            let matches: Int
        }

        let key: String
        let selector: String
        let line: Int
        let steps: [Step]
        let suggestions: [String]

        init(_ trace: SelectorTrace) {
            key = trace.selector.key
            selector = trace.selector.text
            line = trace.selector.line
            steps = trace.steps.map { Step(selector: $0.text, matches: $0.matches) }
            suggestions = trace.suggestions
        }

        /// The hint for people.
        var lines: [String] {
            var lines = ["hint: '\(key)' on line \(line) finds nothing: \(Plain.text(selector))"]
            let width = String(steps.map(\.matches).max() ?? 0).count
            for step in steps {
                let count = String(step.matches)
                let pad = String(repeating: " ", count: max(0, width - count.count))
                lines.append("  \(pad)\(count)  \(Plain.text(step.selector))")
            }
            return lines + suggestions.map { "  \(Plain.text($0))" }
        }
    }

    let page: String
    let level: Int
    let items: [Item]
    let itemsWithoutImage: Int
    let next: [String]
    /// Pages of the next level.
    let links: [String]
    let encoding: String
    /// What is odd about the paths of all items together.
    let warnings: [String]
    let hints: [Hint]
    private let comparesWithFolder: Bool
    private let hasNameColumn: Bool

    enum CodingKeys: String, CodingKey {
        case page, level, items
        case itemsWithoutImage = "items_without_image"
        case next, links, encoding, warnings, hints
    }

    init(
        _ recipe: Recipe,
        _ reading: PageReading,
        items: [Item],
        page: WebAddress,
        place: PagePlace,
        hints: [Hint],
        comparesWithFolder: Bool
    ) {
        self.page = page.description
        level = place.level
        self.items = items
        itemsWithoutImage = reading.itemsWithoutImage
        next = reading.nextPages.map(\.description)
        links = reading.links.map(\.address.description)
        encoding = reading.encoding
        warnings = Self.warnings(recipe.path, reading.discoveries, page)
        self.hints = hints
        self.comparesWithFolder = comparesWithFolder
        hasNameColumn = recipe.path.text != "{name}{extension}"
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

    /// The page, as a line above its table.
    var heading: String {
        "== \(Plain.text(page))" + (level > 0 ? " (level \(level))" : "")
    }

    var lines: [String] {
        var lines: [String] = []
        if !items.isEmpty { lines += table.lines }
        var counts =
            "\(Plain.count(items.count, "item")), \(itemsWithoutImage) without a picture, "
            + "read as \(encoding)"
        if comparesWithFolder {
            counts += "; \(items.count { $0.known == "on disk" }) on disk, "
            counts += "\(items.count { $0.known == nil && $0.path != nil }) new to the crawl folder"
        }
        lines.append(counts)
        lines += warnings.map { "warning: \(Plain.text($0))" }
        for address in next { lines.append("next: \(Plain.text(address))") }
        for address in links { lines.append("follow: \(Plain.text(address))") }
        for hint in hints { lines += hint.lines }
        if items.isEmpty, links.isEmpty, hints.isEmpty {
            lines.append("nothing was found: compare 'item' with the page's source")
        }
        return lines
    }

    private var table: TextTable {
        let fields = fieldNames
        let names = hasNameColumn ? ["name"] : []
        let known = comparesWithFolder ? ["known"] : []
        return TextTable(
            header: ["path"] + names + ["picture"] + fields + known + ["note"],
            rows: items.map { item in
                [item.path ?? ""] + names.map { _ in item.name } + [item.url]
                    + fields.map { item.fields?[$0] ?? "" } + known.map { _ in item.known ?? "" }
                    + [item.problem ?? ""]
            }
        )
    }
}
