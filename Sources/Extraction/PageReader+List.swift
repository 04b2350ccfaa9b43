import CrawlModel

extension PageReader {
    /// What a sitemap or feed lists.
    ///
    /// One that lists pages leads to other sitemaps and to start pages; one that has the items gives the
    /// pictures of its entries.
    func readList(
        _ body: [UInt8],
        contentType: String?,
        _ address: WebAddress,
        _ place: PagePlace,
        _ limit: TimeLimit
    ) throws(ExtractionError) -> PageReading {
        let bytes = Gunzip.isPacked(body) ? try Gunzip.unpacked(body) : body
        let page = try decoder.decode(bytes, contentType: contentType)
        return try page.withText { text throws(ExtractionError) in
            try HTMLDocument.parse(text, isXML: true, limit: limit) {
                tree throws(ExtractionError) in
                guard let root = tree.root, !root.isElement(named: "html") else { throw .notXML }
                var reading = PageReading(
                    discoveries: [],
                    itemsWithoutImage: 0,
                    nextPages: [],
                    encoding: page.encoding.name
                )
                let list = try XMLList(root, limit: limit)
                reading.addNext(list.next, base: address)
                guard place.level != PagePlace.sitemap else {
                    let fields = place.fields
                    let sitemaps = PagePlace(level: PagePlace.sitemap, fields: fields)
                    reading.addLinks(list.sitemaps, base: address, sitemaps)
                    reading.addLinks(list.pages, base: address, PagePlace(level: 0, fields: fields))
                    return reading
                }
                for _ in 0..<list.entriesWithoutImage { reading.itemsWithoutImage += 1 }
                for item in list.items { try add(item, address, to: &reading) }
                reading.hand(down: place.fields)
                return reading
            }
        }
    }
}
