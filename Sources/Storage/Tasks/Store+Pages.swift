package import CrawlModel
import GRDB

extension Store {
    /// Where a page stands among the levels of its recipe.
    ///
    /// - Parameter id: The page's row.
    /// - Returns: Its place; that of a start page where there is no such row.
    /// - Throws: `StoreError`.
    package func place(ofPage id: Int64) async throws(StoreError) -> PagePlace {
        try await write { transaction in
            let row = try Row.fetchOne(
                transaction.db,
                sql: "select level, fields from page where id = ?",
                arguments: [id]
            )
            guard let row else { return .start }
            return PagePlace(level: row[0], fields: ItemFields(json: row[1]))
        }
    }
}

extension Transaction {
    /// Adds the pages that a page leads to.
    ///
    /// The following page is left out where the page has the same pictures as the one before it: there are
    /// sites that show their last page for every number beyond it.
    mutating func insert(
        pagesOf page: ReadPage,
        _ id: Int64,
        shown: Int64?,
        atMost pagesMax: Int?,
        summary: inout DiscoverySummary
    ) throws {
        guard !page.nextPages.isEmpty || !page.links.isEmpty else { return }
        let links = try isRepeat(id, shown: shown) ? page.links : page.nextPages + page.links
        var room = try pagesMax.map { try $0 - pageCount() } ?? .max
        for link in links where room > 0 {
            guard try insert(page: link, via: id) else { continue }
            summary.newPages += 1
            room -= 1
        }
    }

    /// Adds a page; `false` if it is known.
    mutating func insert(page link: PageLink, via: Int64?) throws -> Bool {
        let host = try known.id(of: link.address.authority, in: .host, db)
        let statement = try db.cachedStatement(
            sql: """
                insert into page (host_id, url, via_id, level, fields) values (?, ?, ?, ?, ?)
                on conflict do nothing
                """
        )
        try statement.execute(arguments: [
            host, link.address.description, via, link.place.level, link.place.fields.json,
        ])
        guard db.changesCount == 1 else { return false }
        tally.add(1, .page, .ready)
        note(due: .atOnce, .page, host: host)
        return true
    }

    /// How many pages there were before this transaction added any, those of imported lists left out.
    private func pageCount() throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                select (select sum(tasks) from tally where kind = 'page')
                    - (select count(*) from page where url glob '\(Self.address(ofList: "*"))')
                """
        ) ?? 0
    }

    /// Whether a page shows the same pictures as the page that led to it.
    ///
    /// In a gallery that grew by a whole page each one shows what the one before it showed then. So while
    /// that one waits to be read again they are compared as both were read last.
    private func isRepeat(_ id: Int64, shown: Int64?) throws -> Bool {
        guard let shown else { return false }
        let statement = try db.cachedStatement(
            sql: """
                select via.shown = ?1 and (via.state = 2 or page.shown = ?1)
                from page join page as via on via.id = page.via_id
                where page.id = ?2 and via.level = page.level
                """
        )
        return try Bool.fetchOne(statement, arguments: [shown, id]) ?? false
    }
}

extension ReadPage {
    /// What tells the pictures that it shows from those of other pages; `nil` where it shows none, or has no
    /// following page.
    var shown: Int64? {
        guard !nextPages.isEmpty, !discoveries.isEmpty else { return nil }
        let addresses = discoveries.map { (discovery, _) in
            (try? discovery.address.get().description) ?? discovery.reference
        }
        let text = Set(addresses).sorted().joined(separator: "\n")
        return Digest.sha256(Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
