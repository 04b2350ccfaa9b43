import CLibXML2
import CrawlModel

/// Finds the link from a page to the one that follows it.
struct LinkSurvey {
    fileprivate struct Link {
        let node: xmlNodePtr
        let name: String
        let address: WebAddress
    }

    private let links: [Link]
    private let page: WebAddress

    /// The links of a page that lead to other pages of its host.
    init(_ tree: HTMLDocument, base: WebAddress, page: WebAddress) {
        self.page = page
        var links: [Link] = []
        tree.root?.forEachElement { node, name in
            guard name == "a" || name == "link", let reference = node.attribute("href"),
                let address = try? WebAddress(PageText.address(reference), relativeTo: base),
                address.authority == page.authority, address != page
            else { return }
            links.append(Link(node: node, name: name, address: address))
        }
        self.links = links
    }

    /// The selector of the following page's address: by its relation, a class, or what the link says.
    var next: String? {
        for name in ["a", "link"] {
            let related = links.filter { $0.name == name && $0.relations.contains("next") }
            if Set(related.map(\.address)).count == 1 { return "\(name)[rel~='next']::attr(href)" }
        }
        let anchors = links.filter { $0.name == "a" }
        for link in anchors {
            if let word = link.node.classes.first(where: Self.meansNext) {
                let same = anchors.filter { $0.node.classes.contains(word) }
                if Set(same.map(\.address)).count == 1 { return "a.\(word)::attr(href)" }
            }
            guard let parent = link.node.pointee.parent,
                let word = parent.classes.first(where: Self.meansNext)
            else { continue }
            let same = anchors.filter { $0.node.pointee.parent?.classes.contains(word) == true }
            if Set(same.map(\.address)).count == 1 { return ".\(word) > a::attr(href)" }
        }
        for link in anchors {
            let text = PageText.caption(link.node.text)
            let bare = text.lowercased().trimmingPrefix { !$0.isLetter }
            guard Self.words.contains(where: { bare.hasPrefix($0) }), text.count <= 30,
                !text.contains("'"), !text.contains("\\")
            else { continue }
            let same = anchors.filter { $0.node.text.contains(text) }
            if Set(same.map(\.address)).count == 1 { return "a:contains('\(text)')::attr(href)" }
        }
        return nil
    }

    private static let words = [
        "next", "older", "weiter", "nächste", "suivant", "siguiente", "下一页", "下一頁", "下页", "次へ",
        "다음",
    ]

    private static func meansNext(_ word: String) -> Bool {
        guard BlockSearch.isSteady(word) else { return false }
        let parts = word.lowercased().split { $0 == "-" || $0 == "_" }
        return parts.contains("next") || parts.contains("older")
    }

    /// The pages as an address with a range, where links differ from this page in a page's number only.
    var numberedPages: String? {
        var last: [String: Int] = [:]
        for link in links where link.name == "a" {
            guard let (shape, number) = Self.shape(of: link.address) else { continue }
            last[shape] = max(last[shape] ?? 0, number)
        }
        if let (shape, number) = Self.shape(of: page) {
            guard let end = last[shape], end > 1 else { return nil }
            let range = "{\(min(number, 1))..\(max(end, number))}"
            return shape.replacing("\n", with: range)
        }
        // The first page of a list often has no number.
        let own = page.description.prefix { $0 != "?" && $0 != "#" }
        let below = last.filter { $0.key.hasPrefix(own) && $0.value > 1 }
        guard below.count == 1, let (shape, end) = below.first else { return nil }
        return shape.replacing("\n", with: "{1..\(end)}")
    }

    /// An address without the number of its page, where a line break stands instead.
    private static func shape(of address: WebAddress) -> (shape: String, number: Int)? {
        let text = address.description
        guard !text.contains("{"),
            let found = text.firstMatch(
                of: #/[?&\/](?i:paged|page|pg|p)[=\/-]?([0-9]{1,6})(?=$|[&\/?.])/#
            ),
            let number = Int(found.1)
        else { return nil }
        let range = found.1.startIndex..<found.1.endIndex
        return (text.replacingCharacters(in: range, with: "\n"), number)
    }
}

extension LinkSurvey.Link {
    fileprivate var relations: [Substring] {
        (node.attribute("rel") ?? "").lowercased().split(whereSeparator: \.isWhitespace)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String
    {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}
