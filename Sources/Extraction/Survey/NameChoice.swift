import CLibXML2

/// Chooses what names the pictures of a block.
struct NameChoice {
    /// Selectors to be tried in order; none if nothing tells the items apart.
    let selectors: [String]
    /// Whether the names end as those of files do.
    let areFiles: Bool

    private struct Candidate {
        let selector: String
        let weight: Double
        var texts: [Int: String] = [:]

        /// How well it names the items: in how many there is a text, and how different the texts are.
        func score(of items: Int) -> Double {
            guard !texts.isEmpty else { return 0 }
            let words = texts.values.count { $0.count(where: \.isLetter) > 1 }
            let files = texts.values.count(where: \.isPictureAddress)
            let coverage = Double(texts.count) / Double(items)
            let variety = Double(Set(texts.values).count) / Double(texts.count)
            let isWordy = words * 2 > texts.count
            return coverage * variety * weight * (isWordy ? 1 : 0.4)
                * (files * 2 > texts.count ? 0.9 : 1)
        }
    }

    init(_ block: PictureBlock) {
        var candidates: [String: Candidate] = [:]
        for (index, item) in block.items.enumerated() {
            for (selector, weight, text) in Self.texts(in: item.node) {
                var candidate =
                    candidates[selector] ?? Candidate(selector: selector, weight: weight)
                if candidate.texts[index] == nil { candidate.texts[index] = text }
                candidates[selector] = candidate
            }
        }
        let count = block.items.count
        var chosen: [String] = []
        var missing = Set(block.items.indices)
        let sorted = candidates.values.map { ($0, $0.score(of: count)) }.sorted {
            $0.1 != $1.1
                ? $0.1 > $1.1
                : ($0.0.selector.count, $0.0.selector) < ($1.0.selector.count, $1.0.selector)
        }
        for (candidate, score) in sorted where score >= (chosen.isEmpty ? 0.25 : 0.1) {
            let found = missing.filter { candidate.texts[$0] != nil }
            if found.isEmpty || chosen.count == 3 { continue }
            missing.subtract(found)
            chosen.append(candidate.selector)
        }
        selectors = chosen
        let texts = sorted.first.map { Array($0.0.texts.values) } ?? []
        areFiles = texts.count(where: \.isPictureAddress) * 2 > texts.count
    }

    /// What each selector gives in an item.
    private static func texts(in item: xmlNodePtr) -> [(String, Double, String)] {
        var found: [(String, Double, String)] = []
        item.forEachElement { node, name in
            guard name.isPlainName else { return }
            for (attribute, weight) in attributes {
                let text = PageText.caption(node.attribute(attribute) ?? "")
                if !text.isEmpty { found.append(("\(name)::attr(\(attribute))", weight, text)) }
            }
            guard !["script", "style", "noscript"].contains(name), let text = node.ownText else {
                return
            }
            let weight = weight(of: node, called: name)
            found.append(("\(name)::text", weight, text))
            for word in node.classes.filter(BlockSearch.isSteady) {
                found.append(("\(name).\(word)::text", weight, text))
            }
        }
        return found
    }

    private static let attributes: [(String, Double)] = [
        ("alt", 1.15), ("title", 1.1), ("data-title", 1.1), ("data-caption", 1.2),
        ("aria-label", 1.0),
    ]

    private static func weight(of node: xmlNodePtr, called name: String) -> Double {
        if name == "figcaption" { return 1.3 }
        let words = node.classes.joined(separator: " ").lowercased()
        if ["caption", "title", "name", "desc"].contains(where: words.contains) { return 1.3 }
        return ["h1", "h2", "h3", "h4", "h5", "h6"].contains(name) ? 1.2 : 1
    }
}

extension xmlNodePtr {
    /// The first text that stands directly in an element; `nil` if there is none but blanks.
    fileprivate var ownText: String? {
        var next = pointee.children
        while let node = next {
            if node.pointee.type == XML_TEXT_NODE {
                let text = PageText.caption(node.text)
                if !text.isEmpty { return text }
            }
            next = node.pointee.next
        }
        return nil
    }
}
