import CLibXML2

/// A page as a tree of elements, as libxml2's forgiving HTML parser builds it.
struct HTMLDocument {
    /// More nested elements than real pages have, counting those that were never closed.
    static let depthMax = 10_000
    /// More attributes of one tag than real pages have; the parser compares each with all others.
    static let attributesMax = 5_000

    let pointer: htmlDocPtr

    /// Parses a page and frees it after use.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without NUL; anything else would end the page early.
    ///   - isXML: Whether it is XML, as sitemaps and feeds are, and no HTML.
    ///   - limit: The time it may take.
    ///   - use: Gets the page; neither it nor its nodes may be kept.
    /// - Returns: What `use` gives.
    /// - Throws: `ExtractionError` if the page was made to be hard to parse, and what `use` throws.
    static func parse<Result>(
        _ text: UnsafeBufferPointer<UInt8>,
        isXML: Bool = false,
        limit: TimeLimit,
        _ use: (HTMLDocument) throws(ExtractionError) -> Result
    ) throws(ExtractionError) -> Result {
        guard let parser = isXML ? xmlNewParserCtxt() : htmlNewParserCtxt() else {
            throw .outOfMemory
        }
        defer { htmlFreeParserCtxt(parser) }
        _ = isXML ? xmlCtxtUseOptions(parser, xmlOptions) : htmlCtxtUseOptions(parser, options)
        var feed = PageFeed(rest: text, parser: parser, limit: limit)
        let pointer = withUnsafeMutablePointer(to: &feed) { parse(parser, from: $0, isXML) }
        defer { xmlFreeDoc(pointer) }
        if let problem = feed.problem { throw problem }
        guard let pointer else { throw isXML ? .notXML : .outOfMemory }
        return try use(HTMLDocument(pointer: pointer))
    }

    // HUGE takes away the depth of 256, at which the rest of the page would be dropped in silence, and
    // the limit of 10 MB on one text. The feed sets bounds instead.
    private static let options = Int32(
        bitPattern: HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue
            | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue
            | HTML_PARSE_COMPACT.rawValue | HTML_PARSE_NODEFDTD.rawValue
            | HTML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_HUGE.rawValue
    )

    // Nothing is loaded, and entities that a document defines are not put in.
    private static let xmlOptions = Int32(
        bitPattern: XML_PARSE_RECOVER.rawValue | XML_PARSE_NOERROR.rawValue
            | XML_PARSE_NOWARNING.rawValue | XML_PARSE_NONET.rawValue
            | XML_PARSE_NOCDATA.rawValue | XML_PARSE_IGNORE_ENC.rawValue
    )

    private static func parse(
        _ parser: htmlParserCtxtPtr,
        from feed: UnsafeMutablePointer<PageFeed>,
        _ isXML: Bool
    ) -> htmlDocPtr? {
        let buffer = xmlParserInputBufferCreateIO(
            { feed, bytes, count in
                guard let feed, let bytes else { return -1 }
                return feed.assumingMemoryBound(to: PageFeed.self).pointee
                    .next(UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
            },
            nil,
            feed,
            XML_CHAR_ENCODING_NONE
        )
        // UTF-8 as encoding means that nothing is converted.
        guard let buffer,
            let input = xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_UTF8)
        else { return nil }
        inputPush(parser, input)
        _ = isXML ? xmlParseDocument(parser) : htmlParseDocument(parser)
        let document = parser.pointee.myDoc
        parser.pointee.myDoc = nil
        return document
    }

    /// The `html` element; `nil` for an empty page.
    var root: xmlNodePtr? { xmlDocGetRootElement(pointer) }

    /// The address in the page's first `<base href>` (HTML Standard, section 4.2.3).
    var base: String? {
        var next = root
        while let node = next {
            if node.isElement(named: "base"), let address = node.attribute("href") {
                return address
            }
            next = node.following
        }
        return nil
    }
}

/// Hands a page to the parser piece by piece, and stops it where it goes too far.
///
/// The parser asks for some 4,000 bytes at a time. It can't be interrupted otherwise.
private struct PageFeed {
    var rest: UnsafeBufferPointer<UInt8>
    let parser: htmlParserCtxtPtr
    let limit: TimeLimit
    var pieces = 0
    var problem: ExtractionError?

    init(rest: UnsafeBufferPointer<UInt8>, parser: htmlParserCtxtPtr, limit: TimeLimit) {
        self.rest = rest
        self.parser = parser
        self.limit = limit
    }

    /// Fills the parser's buffer; 0 at the end, -1 to stop it.
    mutating func next(_ buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        if problem != nil { return -1 }
        if parser.pointee.nameNr > HTMLDocument.depthMax {
            problem = .tooDeep
            return -1
        }
        // The parser has two places for each attribute, and makes twice as many when they are full.
        if parser.pointee.maxatts > 4 * HTMLDocument.attributesMax {
            problem = .tooManyAttributes
            return -1
        }
        pieces += 1
        // Asking for the time costs as much as parsing a hundred bytes.
        if pieces % 16 == 0, limit.isOver {
            problem = .tookTooLong
            return -1
        }
        let piece = rest.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        rest = UnsafeBufferPointer(rebasing: rest[piece.endIndex...])
        return Int32(piece.count)
    }
}
