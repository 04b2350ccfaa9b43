import CrawlModel

/// The order in which pages are tried: what a page leads to comes before its siblings, so that few pages
/// show all levels of a recipe.
struct CheckWalk {
    /// What is still to be read, the next one last.
    private var ahead: [PageLink]
    private var known: Set<WebAddress>
    private var rest: Int

    /// A walk from these pages.
    init(_ start: [PageLink], atMost pages: Int) {
        ahead = start.reversed()
        known = Set(start.map(\.address))
        rest = pages
    }

    /// The next page; `nil` at the end.
    mutating func next() -> PageLink? {
        guard rest > 0, let link = ahead.popLast() else { return nil }
        rest -= 1
        return link
    }

    /// Adds the pages that a page leads to, if they can be had; known ones are left out.
    mutating func add(
        _ reading: PageReading,
        from place: PagePlace,
        where canBeHad: (WebAddress) -> Bool
    ) {
        let following = reading.nextPages.map { PageLink($0, place) }
        let new = (reading.links + following).filter {
            canBeHad($0.address) && known.insert($0.address).inserted
        }
        ahead += new.reversed()
    }
}
