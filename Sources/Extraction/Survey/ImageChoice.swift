import CLibXML2

/// Chooses the attributes that have the addresses of a block's pictures.
struct ImageChoice {
    /// Selectors to be tried in order; those in front give larger pictures.
    let selectors: [String]
    /// Whether they are WordPress's smaller copies of the pictures.
    let areWordPressCopies: Bool

    fileprivate struct Candidate {
        let selector: String
        let rank: Int
        /// The address in each item; `nil` where it gives none.
        var addresses: [String?]
        /// Whether it gives something that is no picture in some item.
        var isWrong = false
    }

    init(_ block: PictureBlock) {
        var candidates: [String: Candidate] = [:]
        for (index, item) in block.items.enumerated() {
            for (selector, rank, address) in Self.addresses(in: item) {
                var candidate =
                    candidates[selector]
                    ?? Candidate(
                        selector: selector,
                        rank: rank,
                        addresses: Array(repeating: nil, count: block.items.count)
                    )
                if candidate.addresses[index] == nil {
                    candidate.addresses[index] = address ?? ""
                    if address == nil { candidate.isWrong = true }
                }
                candidates[selector] = candidate
            }
        }
        var missing = Set(block.items.indices)
        var chosen: [String] = []
        var copies = 0
        let sorted = candidates.values.filter { !$0.isWrong }.map(\.withoutPlaceholder).sorted {
            ($0.rank, $0.selector.count, $0.selector) < ($1.rank, $1.selector.count, $1.selector)
        }
        for candidate in sorted {
            let found = missing.filter { candidate.addresses[$0] != nil }
            if found.isEmpty { continue }
            missing.subtract(found)
            chosen.append(candidate.selector)
            copies += found.count { candidate.addresses[$0]?.isWordPressCopy == true }
        }
        selectors = chosen
        areWordPressCopies = copies > 0
    }

    /// Whether an attribute of an image may have an address.
    static func mayHaveAddress(_ attribute: String) -> Bool {
        rank(of: attribute) < 6
    }

    /// 1 for the attributes with the largest pictures, 6 for those that have none.
    private static func rank(of attribute: String) -> Int {
        guard attribute.isPlainName else { return 6 }
        let name = attribute.lowercased()
        if name == "src" { return 5 }
        if name.hasSuffix("srcset") { return 2 }
        guard name.hasPrefix("data-") else { return 6 }
        let large = ["full", "original", "large", "zoom", "hires", "orig"]
        if large.contains(where: name.contains) { return 1 }
        return ["src", "lazy", "url", "image", "img"].contains(where: name.contains) ? 3 : 6
    }

    /// What each selector gives in an item; no address for what is none of a picture.
    private static func addresses(
        in item: PictureBlock.Item
    ) -> [(selector: String, rank: Int, address: String?)] {
        var found: [(String, Int, String?)] = []
        item.node.forEachElement { node, name in
            switch name {
            case "a":
                guard let address = node.attribute("href") else { return }
                let isPicture = address.isPictureAddress || node == item.picture.node
                for selector in ["a"] + node.classes.filter(BlockSearch.isSteady).map({ "a.\($0)" })
                {
                    found.append(("\(selector)::attr(href)", 0, isPicture ? address : nil))
                }
            case "img":
                let names = ["img"] + node.classes.filter(BlockSearch.isSteady).map { "img.\($0)" }
                for attribute in node.attributeNames {
                    let rank = rank(of: attribute)
                    guard rank < 6, let value = node.attribute(attribute), !value.isEmpty else {
                        continue
                    }
                    let isPicture = node == item.picture.node && !value.hasPrefix("data:")
                    for name in names {
                        found.append(("\(name)::attr(\(attribute))", rank, isPicture ? value : nil))
                    }
                }
            case "source":
                guard let value = node.attribute("srcset") else { return }
                found.append(("source::attr(srcset)", 2, value))
            default: break
            }
        }
        return found
    }
}

extension String {
    /// Whether it is the address, or list of addresses, of a copy in another size: `/uploads/2024/05/cat-300x200.jpg`.
    fileprivate var isWordPressCopy: Bool {
        contains(#/\/wp-content\/uploads\/\S*-[0-9]+x[0-9]+\.[a-z]+/#)
    }
}

extension ImageChoice.Candidate {
    /// Takes away the address that it has again and again: a picture that stands in until the real one is loaded.
    fileprivate var withoutPlaceholder: Self {
        let all = addresses.compactMap(\.self)
        let counts = Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
        guard let most = counts.max(by: { $0.value < $1.value }), most.value > 1,
            most.value * 2 > all.count
        else { return self }
        var candidate = self
        candidate.addresses = addresses.map { $0 == most.key ? nil : $0 }
        return candidate
    }
}

extension xmlNodePtr {
    /// Goes through an element and those in it, in the order of the page.
    func forEachElement(_ visit: (xmlNodePtr, String) -> Void) {
        var next: xmlNodePtr? = self
        while let node = next {
            if let name = node.elementName { visit(node, name) }
            next = node.following(within: self)
        }
    }

    /// The node that comes after this one in an element.
    private func following(within root: xmlNodePtr) -> xmlNodePtr? {
        if pointee.type == XML_ELEMENT_NODE, let child = pointee.children { return child }
        var node = self
        while node != root {
            if let sibling = node.pointee.next { return sibling }
            guard let parent = node.pointee.parent else { return nil }
            node = parent
        }
        return nil
    }
}
