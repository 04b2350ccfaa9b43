import CLibXML2

/// The words of a page that selectors are made of, each with how often it stands there.
struct PageWords {
    private(set) var elements: [String: Int] = [:]
    private(set) var classes: [String: Int] = [:]
    private(set) var ids: [String: Int] = [:]
    private(set) var attributes: [String: Int] = [:]
    /// The classes of each kind of element.
    private(set) var classesOf: [String: [String: Int]] = [:]

    /// The words of a page.
    init(_ tree: HTMLDocument) {
        var next = tree.root
        while let node = next {
            next = node.following
            guard let name = node.elementName else { continue }
            elements[name, default: 0] += 1
            for attribute in node.attributeNames { attributes[attribute, default: 0] += 1 }
            if let id = node.attribute("id") { ids[id, default: 0] += 1 }
            for word in node.classes {
                classes[word, default: 0] += 1
                classesOf[name, default: [:]][word, default: 0] += 1
            }
        }
    }

    /// What may have been meant by a beginning of a selector in CSS that matches nothing.
    ///
    /// - Parameters:
    ///   - text: The beginning.
    ///   - before: What the beginning before it matched.
    /// - Returns: A sentence each; none where nothing comes near.
    func suggestions(css text: String, after before: [xmlNodePtr]) -> [String] {
        guard let selector = (try? CSSParser.selectors(in: text))?.last else { return [] }
        switch selector.pseudoElement {
        case .attribute(let name) where !before.isEmpty:
            return [Self.attributes(of: before, insteadOf: name)]
        case .text where !before.isEmpty:
            return [
                "these elements have no text of their own; a blank before ::text takes the texts inside them"
            ]
        default: break
        }
        guard let compound = selector.parts.last?.compound else { return [] }
        var suggestions: [String] = []
        if let element = compound.element, elements[element] == nil {
            suggestions.append(Self.missing("<\(element)>", like: element, among: elements))
        }
        for condition in compound.conditions {
            switch condition {
            case .hasClass(let name):
                suggestions.append(suggestion(class: name, element: compound.element))
            case .id(let name) where ids[name] == nil:
                suggestions.append(Self.missing("id '\(name)'", like: name, among: ids))
            case .attribute(let test) where attributes[test.name] == nil:
                suggestions.append(
                    Self.missing("attribute '\(test.name)'", like: test.name, among: attributes)
                )
            default: break
            }
        }
        return suggestions
    }

    /// What may have been meant by the words in quotes of an XPath that matches nothing.
    func suggestions(xpath text: String) -> [String] {
        let known = classes.merging(ids) { $0 + $1 }
        let words = text.split(whereSeparator: { $0 == "'" || $0 == "\"" }).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        return words.filter { known[$0] == nil }.compactMap { word in
            let near = Spelling.nearest(to: word, among: known)
            return near.isEmpty ? nil : Self.question(near, "no class or id '\(word)'", known)
        }
    }

    private func suggestion(class name: String, element: String?) -> String {
        guard classes[name] == nil else {
            let owners = classesOf.compactMapValues { $0[name] }
            return "class '\(name)' is on \(Self.list(owners, mark: ("<", ">")))"
        }
        let near = Spelling.nearest(to: name, among: classes)
        if near.isEmpty, let element, let others = classesOf[element] {
            return "the page has no class '\(name)'; its <\(element)> have \(Self.list(others))"
        }
        return Self.missing("class '\(name)'", like: name, among: classes)
    }

    private static func missing(
        _ what: String,
        like word: String,
        among words: [String: Int]
    ) -> String {
        let near = Spelling.nearest(to: word, among: words)
        return near.isEmpty ? "the page has no \(what)" : question(near, "no \(what)", words)
    }

    private static func question(_ near: [String], _ what: String, _ words: [String: Int]) -> String
    {
        let names = near.map { "'\($0)' (\(words[$0] ?? 0))" }.joined(separator: " or ")
        return "the page has \(what): did you mean \(names)?"
    }

    private static func attributes(of nodes: [xmlNodePtr], insteadOf name: String) -> String {
        var found: [String: Int] = [:]
        for node in nodes {
            for attribute in node.attributeNames { found[attribute, default: 0] += 1 }
        }
        return found.isEmpty
            ? "these elements have no attributes"
            : "these elements have no '\(name)'; they have \(list(found))"
    }

    /// The most frequent words with their counts.
    private static func list(_ words: [String: Int], mark: (String, String) = ("'", "'")) -> String
    {
        let sorted = words.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = sorted.prefix(6).map { "\(mark.0)\($0.key)\(mark.1) (\($0.value))" }
        return shown.joined(separator: ", ") + (sorted.count > shown.count ? ", …" : "")
    }
}

extension xmlNodePtr {
    /// The name of an element; `nil` for a node of another kind.
    var elementName: String? {
        guard pointee.type == XML_ELEMENT_NODE, let name = pointee.name else { return nil }
        return String(cString: name)
    }

    /// The names of an element's attributes.
    var attributeNames: [String] {
        var names: [String] = []
        var next = pointee.properties
        while let attribute = next {
            names.append(String(cString: attribute.pointee.name))
            next = attribute.pointee.next
        }
        return names
    }

    /// An element's classes.
    var classes: [String] {
        (attribute("class") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
