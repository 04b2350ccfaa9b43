import CLibXML2

/// A block of markup that is repeated on a page, with one picture in each.
struct PictureBlock {
    struct Item {
        let node: xmlNodePtr
        let picture: SurveyPicture
    }

    let selector: String
    let items: [Item]
    /// Whether the links to pictures stand among others.
    var needsExtensions = false

    /// The selector of the links, if most pictures are in links to something else than pictures.
    var linksToPages: String? {
        guard leadsToPages else { return nil }
        var hasLink = false
        items[0].node.forEachElement { _, name in hasLink = hasLink || name == "a" }
        let isLink = items[0].node.isElement(named: "a")
        return isLink
            ? "\(selector)::attr(href)"
            : hasLink ? "\(selector) a::attr(href)" : "a:has(img)::attr(href)"
    }

    private var leadsToPages: Bool {
        let leading = items.count { item in
            guard !item.picture.isLink else { return false }
            var next: xmlNodePtr? = item.picture.node
            while let node = next {
                if node.isElement(named: "a"), let address = node.attribute("href") {
                    return !address.isPictureAddress && !address.hasPrefix("#")
                }
                next = node.pointee.parent
            }
            return false
        }
        return leading * 2 > items.count
    }
}

/// Finds the block that is repeated with a picture in it.
///
/// Every element has some names, such as `li`, `li.photo` and `ul.photos > li`. The best name is the one
/// whose elements have nearly all a picture, exactly one, and of one kind, and are as many and as large as
/// possible.
struct BlockSearch {
    private struct Group {
        var nodes: [xmlNodePtr] = []
        /// How sure the kind of name is to mean the same on other pages.
        var weight = 0.0
    }

    private let pictures: [SurveyPicture]
    /// How many pictures an element has in it, and one of them.
    private var counts: [xmlNodePtr: (count: Int, picture: Int)] = [:]
    private var groups: [String: Group] = [:]

    init(
        _ tree: HTMLDocument,
        _ pictures: [SurveyPicture],
        limit: TimeLimit
    ) throws(ExtractionError) {
        self.pictures = pictures
        for (index, picture) in pictures.enumerated() {
            if index % 64 == 63 { try limit.check() }
            var next: xmlNodePtr? = picture.node
            while let node = next, node.pointee.type == XML_ELEMENT_NODE {
                counts[node, default: (0, index)].count += 1
                next = node.pointee.parent
            }
        }
        var next = tree.root
        while let node = next {
            next = node.following
            guard let name = node.elementName, name.isPlainName,
                !["html", "body", "head"].contains(name)
            else {
                continue
            }
            for (key, weight) in Self.names(of: node, called: name) {
                groups[key, default: Group(weight: weight)].nodes.append(node)
            }
        }
    }

    /// The best block; `nil` if none has two items.
    func best() -> PictureBlock? {
        var best: (block: PictureBlock, score: Double, depth: Int)?
        for (selector, group) in groups {
            guard let (block, score) = judge(selector, group), let first = block.items.first else {
                continue
            }
            let depth = Self.depth(of: first.node)
            if let best {
                let isBetter =
                    score != best.score
                    ? score > best.score
                    : (depth, selector.count, selector)
                        < (depth: best.depth, best.block.selector.count, best.block.selector)
                if !isBetter { continue }
            }
            best = (block, score, depth)
        }
        return best?.block
    }

    private func judge(_ selector: String, _ group: Group) -> (PictureBlock, Double)? {
        var known: Set<Int> = []
        let items = group.nodes.compactMap { node -> PictureBlock.Item? in
            guard let inside = counts[node], inside.count == 1,
                known.insert(inside.picture).inserted
            else { return nil }
            return PictureBlock.Item(node: node, picture: pictures[inside.picture])
        }
        guard items.count > 1 else { return nil }
        let signatures = Dictionary(grouping: items, by: \.picture.signature)
        let alike = signatures.values.map(\.count).max() ?? 0
        let count = Double(alike) + Double(items.count - alike) / 2
        var block = PictureBlock(selector: selector, items: items)
        // Among other links those to pictures are told by their extensions.
        if selector == "a",
            items.allSatisfy({
                $0.picture.node.attribute("href")?.isPictureAddress == true && $0.picture.isLink
            })
        {
            block.needsExtensions = items.count < group.nodes.count
            return (block, count * 0.6)
        }
        let purity = count / Double(group.nodes.count)
        guard purity >= 0.5 else { return nil }
        return (block, count * purity * purity * group.weight)
    }

    private static func depth(of node: xmlNodePtr) -> Int {
        var depth = 0
        var next = node.pointee.parent
        while let node = next {
            depth += 1
            next = node.pointee.parent
        }
        return depth
    }

    /// The names by which an element may be chosen.
    private static func names(of node: xmlNodePtr, called name: String) -> [(String, Double)] {
        let classes = node.classes.filter(isSteady)
        var names = [(name, name == "img" ? 0.5 : 0.8)]
        names += classes.prefix(6).map { ("\(name).\($0)", 1) }
        if (2...4).contains(classes.count) {
            names.append(("\(name).\(classes.joined(separator: "."))", 1))
        }
        guard let parent = node.pointee.parent, let above = parent.elementName, above != "body",
            above.isPlainName
        else {
            return names
        }
        names.append(("\(above) > \(name)", 0.85))
        if let outer = node.ancestor(named: ["article", "main"]) {
            names.append(("\(outer) \(name)", 0.9))
        }
        names += parent.classes.filter(isSteady).prefix(3).map {
            ("\(above).\($0) > \(name)", 0.95)
        }
        if let id = parent.attribute("id"), isSteady(id), !id.contains(where: \.isNumber) {
            names.append(("#\(id) > \(name)", 0.95))
        }
        return names
    }

    /// Whether a class or id can be written as it is, and is not made of a number that counts something.
    static func isSteady(_ word: String) -> Bool {
        word.wholeMatch(of: #/-?[A-Za-z_][A-Za-z0-9_-]*/#) != nil && !word.contains(#/[0-9]{3}/#)
    }
}

extension xmlNodePtr {
    /// The name of the nearest element around this one that has one of these names.
    fileprivate func ancestor(named names: Set<String>) -> String? {
        var next = pointee.parent
        while let node = next {
            if let name = node.elementName, names.contains(name) { return name }
            next = node.pointee.parent
        }
        return nil
    }
}

extension String {
    /// Whether it can stand in a selector as the name of an element or attribute.
    var isPlainName: Bool { wholeMatch(of: #/[a-z][a-z0-9-]*/#) != nil }
}
