package import CrawlModel

/// Why a page could not be read with a recipe.
package enum ExtractionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The page's elements are nested deeper than any real page's.
    case tooDeep
    /// A tag of the page has more attributes than any real page's.
    case tooManyAttributes
    /// Reading the page took more of the processor's time than a page may.
    case tookTooLong
    /// A selector needs too much work on this page, as a pattern that backtracks for ever does.
    case tooMuchWork(Selector)
    /// A selector failed on this page for another reason.
    case failed(Selector, reason: String)
    /// This machine can't convert from the page's encoding.
    case noConverter(encoding: String)
    /// A sitemap that is packed with gzip can't be unpacked.
    case damagedArchive
    /// A packed sitemap is larger than any may be.
    case tooLargeUnpacked
    /// The page is no feed or sitemap, though the recipe says so.
    case notXML
    /// The page is no JSON that can be read, though the recipe says so.
    case notJSON(reason: String)
    /// The system gave no more memory.
    case outOfMemory

    /// One sentence: what is the matter, and what helps where something does.
    package var description: String {
        switch self {
        case .tooDeep:
            "the page nests more than \(HTMLDocument.depthMax) elements, as no real page does"
        case .tooManyAttributes:
            "a tag of the page has more than \(HTMLDocument.attributesMax) attributes, as on no real page"
        case .tookTooLong:
            "reading the page took longer than \(TimeLimit.seconds) s of processor time"
        case .tooMuchWork(let selector):
            "'\(selector.key)' needs too much work on this page: "
                + (selector.language == .regex
                    ? "say in the pattern more exactly what may stand between its parts"
                    : "make the selector simpler")
        case .failed(let selector, let reason): "'\(selector.key)' failed on this page: \(reason)"
        case .noConverter(let encoding):
            "this system can't convert from \(encoding): install the converters of its C library"
        case .damagedArchive: "the page is packed with gzip and damaged"
        case .tooLargeUnpacked:
            "the page has more than \(Gunzip.bytesMax) bytes when it is unpacked"
        case .notXML: "the page is no sitemap or feed: check its address in 'pages'"
        case .notJSON(let reason): "the page is no JSON: \(reason)"
        case .outOfMemory: "no memory was left to read the page"
        }
    }
}
