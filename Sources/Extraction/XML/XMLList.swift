import CLibXML2
import CrawlModel

/// A sitemap or a feed, read as a list.
struct XMLList {
    /// Other sitemaps.
    var sitemaps: [String] = []
    /// Pages: the addresses of a sitemap, the links of a feed's entries.
    var pages: [String] = []
    /// The pictures of a feed's entries.
    var items: [FoundItem] = []
    /// Entries without a picture.
    var entriesWithoutImage = 0
    /// The feed's following page (RFC 5005).
    var next: [String] = []

    /// Reads a document by its elements, whatever its namespaces are called.
    init(_ root: xmlNodePtr?, limit: TimeLimit) throws(ExtractionError) {
        var node = root
        var count = 0
        while let element = node {
            count += 1
            if count % 4096 == 0 { try limit.check() }
            switch element.localName {
            case "sitemap": if let loc = element.child("loc") { sitemaps.append(loc.text) }
            case "url": if let loc = element.child("loc") { pages.append(loc.text) }
            case "item", "entry": add(FeedEntry(element))
            case "link" where element.attribute("rel") == "next":
                if let address = element.attribute("href") { next.append(address) }
            default: break
            }
            node = element.following
        }
    }

    private mutating func add(_ entry: FeedEntry) {
        if let link = entry.link { pages.append(link) }
        if entry.pictures.isEmpty { entriesWithoutImage += 1 }
        for picture in entry.pictures {
            items.append(FoundItem(reference: picture, name: entry.title, fields: entry.fields))
        }
    }
}

/// An entry of a feed: an `item` of RSS, an `entry` of Atom (RFC 4287).
struct FeedEntry {
    let title: String
    let link: String?
    /// The enclosures that are pictures; without any the first picture of the text.
    let pictures: [String]
    let fields: [(name: String, value: ItemFields.Value)]

    init(_ entry: xmlNodePtr) {
        var found = Found()
        for child in entry.children { found.add(child) }
        title = PageText.caption(found.title)
        link = found.link.map(PageText.address)
        let pictures = [found.enclosures, found.thumbnails, found.inText].first { !$0.isEmpty }
        self.pictures = (pictures ?? []).map(PageText.address)
        var fields: [(name: String, value: ItemFields.Value)] = []
        for (name, text) in [
            ("author", found.author), ("guid", found.id),
            ("date", WrittenDate(found.date)?.iso ?? found.date),
        ] {
            fields.append((name, .text(PageText.caption(text))))
        }
        fields.append(("link", .text(link ?? "")))
        fields.append(("tags", .list(found.tags.map(PageText.caption).filter { !$0.isEmpty })))
        self.fields = fields
    }

    private struct Found {
        var title = ""
        var link: String?
        var enclosures: [String] = []
        var thumbnails: [String] = []
        var inText: [String] = []
        var author = ""
        var id = ""
        var date = ""
        var tags: [String] = []

        mutating func add(_ node: xmlNodePtr) {
            switch node.localName {
            case "title": if title.isEmpty { title = node.text }
            case "link": addLink(node)
            case "enclosure": addEnclosure(node, address: node.attribute("url"))
            case "content" where node.attribute("url") != nil:
                addEnclosure(node, address: node.attribute("url"))
            case "group": for child in node.children { add(child) }
            case "thumbnail": if let url = node.attribute("url") { thumbnails.append(url) }
            case "content", "encoded", "description", "summary":
                if inText.isEmpty, let picture = FeedText.firstPicture(of: node.text) {
                    inText = [picture]
                }
            case "author", "creator":
                if author.isEmpty { author = node.child("name")?.text ?? node.text }
            case "guid", "id": if id.isEmpty { id = node.text }
            case "pubDate", "published", "date": date = node.text
            case "updated": if date.isEmpty { date = node.text }
            case "category": tags.append(node.attribute("term") ?? node.text)
            default: break
            }
        }

        private mutating func addLink(_ node: xmlNodePtr) {
            guard let address = node.attribute("href") else {
                // RSS has the address as text.
                if link == nil { link = node.text }
                return
            }
            switch node.attribute("rel") ?? "alternate" {
            case "alternate": link = link ?? address
            case "enclosure": addEnclosure(node, address: address)
            default: break
            }
        }

        /// An enclosure whose type is not told may be a picture; a song is none.
        private mutating func addEnclosure(_ node: xmlNodePtr, address: String?) {
            guard let address else { return }
            let kind = node.attribute("type") ?? node.attribute("medium") ?? "image"
            if kind.hasPrefix("image") { enclosures.append(address) }
        }
    }
}

/// HTML that stands as text in a feed.
private enum FeedText {
    private static let picture = try? Pattern(
        #"(?i)<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?([^"'\s>]+)"#
    )

    static func firstPicture(of text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "<")), let picture else { return nil }
        var first: String?
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { bytes in
            let matcher = PatternMatcher(picture)
            // A text that is too hard to search has no picture.
            try? matcher.forEachMatch(in: bytes, limit: TimeLimit { .zero }) { match in
                if first == nil { first = match.decodedText(of: 1) }
            }
        }
        return first
    }
}

extension xmlNodePtr {
    /// The name of an element without its prefix; nothing for other nodes.
    fileprivate var localName: String {
        guard pointee.type == XML_ELEMENT_NODE, let name = pointee.name else { return "" }
        return String(cString: name)
    }

    /// The nodes right below.
    fileprivate var children: some Sequence<xmlNodePtr> {
        sequence(first: pointee.children) { $0?.pointee.next }.lazy.prefix { $0 != nil }
            .compactMap(\.self)
    }

    fileprivate func child(_ name: String) -> xmlNodePtr? {
        children.first { $0.localName == name }
    }
}
