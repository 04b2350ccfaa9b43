import CrashPoints
package import CrawlModel
import GRDB

/// What a page's discoveries came to.
package struct DiscoverySummary: Equatable, Sendable {
    /// Pictures that were not known.
    package var newImages = 0
    /// Pictures of which another address owns the path.
    package var takenPaths = 0
    /// Items whose address can't be asked for.
    package var badAddresses = 0
    /// Pictures that the recipe's filters leave out.
    package var filtered = 0
    /// Pages that were not known.
    package var newPages = 0

    /// Nothing new.
    package init() {}
}

extension Store {
    /// Puts start pages into the table; known ones are left alone.
    ///
    /// - Parameters:
    ///   - addresses: The pages, in order; a long sequence is stored in several transactions.
    ///   - level: Their level, 0 or `PagePlace.sitemap`.
    /// - Returns: How many were new.
    /// - Throws: `StoreError`, or the error of an address that can't be read.
    package func discover(
        startPages addresses: some Sequence<WebAddress> & Sendable,
        level: Int = 0
    ) async throws -> Int {
        var new = 0
        var batch: [WebAddress] = []
        for address in addresses {
            batch.append(address)
            if batch.count == Self.startPagesInOneTransaction {
                new += try await discover(batch: batch, level)
                batch.removeAll(keepingCapacity: true)
            }
        }
        return try await new + discover(batch: batch, level)
    }

    private static let startPagesInOneTransaction = 10_000

    private func discover(batch: [WebAddress], _ level: Int) async throws(StoreError) -> Int {
        guard !batch.isEmpty else { return 0 }
        return try await write { transaction in
            var new = 0
            let place = PagePlace(level: level)
            for address in batch
            where try transaction.insert(page: PageLink(address, place), via: nil) {
                new += 1
            }
            return new
        }
    }

    /// Records a page that was read together with everything found on it, in one transaction.
    ///
    /// After a crash either the page is to be read again or nothing found on it is missing.
    ///
    /// - Parameters:
    ///   - ending: The page's ending, `done`.
    ///   - onConflict: What happens to a picture whose path another address owns.
    ///   - pagesMax: How many pages there may be in all; further ones are left out.
    /// - Returns: What was new; `nil` if this run does not hold the page any more.
    /// - Throws: `StoreError`; then nothing is recorded.
    package func finish(
        page ending: TaskEnding<ReadPage>,
        onConflict: ConflictRule,
        pagesMax: Int? = nil
    ) async throws(StoreError) -> DiscoverySummary? {
        try await write { transaction in
            guard case .done(let page) = ending.outcome else {
                preconditionFailure("a page that is not done goes to finish(failedPage:)")
            }
            guard try transaction.holds(.page, ending.taskID) else { return nil }
            let shown = page.shown
            let summary = try transaction.discover(
                page,
                ending.taskID,
                shown: shown,
                onConflict: onConflict,
                pagesMax: pagesMax
            )
            try transaction.finish(
                page: page,
                ending,
                shown: shown,
                newImages: summary.newImages
            )
            try transaction.keep(page.body, ofPage: ending.taskID)
            CrashPoint.endingPage.pass()
            return summary
        }
    }
}

extension Transaction {
    /// Adds everything that a page has and that is not known.
    mutating func discover(
        _ page: ReadPage,
        _ id: Int64,
        shown: Int64?,
        onConflict: ConflictRule,
        pagesMax: Int?
    ) throws -> DiscoverySummary {
        var summary = DiscoverySummary()
        for (discovery, path) in page.discoveries {
            try insert(
                discovery,
                path: path,
                page: id,
                onConflict: onConflict,
                summary: &summary
            )
        }
        try insert(pagesOf: page, id, shown: shown, atMost: pagesMax, summary: &summary)
        return summary
    }

    fileprivate mutating func finish(
        page: ReadPage,
        _ ending: TaskEnding<ReadPage>,
        shown: Int64?,
        newImages: Int
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                update page
                set state = 2, ended_ms = ?, took_ms = ?, http_status = ?, bytes = ?, items = ?,
                    items_without_image = ?, new_images = ?, encoding = ?, validator = ?, shown = ?,
                    tries = tries + 1, attempts = attempts + 1
                where id = ?
                """
        )
        try statement.execute(arguments: [
            ending.ended.milliseconds, ending.took.milliseconds, page.status, page.bytes,
            page.items, page.itemsWithoutImage, newImages,
            page.encoding, page.validator, shown, ending.taskID,
        ])
        tally.add(-1, .page, .running)
        tally.add(1, .page, .done, bytes: page.bytes)
    }

    /// Adds a picture unless it is known; one whose path is taken goes by the conflict rule.
    mutating func insert(
        _ discovery: Discovery,
        path: ImagePath,
        page: Int64,
        onConflict: ConflictRule,
        summary: inout DiscoverySummary
    ) throws {
        var row = NewImage(
            page: page,
            path: path,
            caption: discovery.name,
            fields: discovery.fields.json
        )
        switch discovery.address {
        case .failure(let error):
            row.base = try known.id(of: "", in: .base, db)
            row.rest = discovery.reference
            row.host = try known.id(of: "", in: .host, db)
            if try insert(row, badAddress: error) { summary.badAddresses += 1 }
            return
        case .success(let address):
            let (base, rest) = address.split
            row.base = try known.id(of: base, in: .base, db)
            row.rest = rest
            row.host = try known.id(of: address.authority, in: .host, db)
        }
        row.folder = try known.id(of: path.folder, in: .folder, db)
        if let reason = discovery.refusal {
            if try insert(row, refusedFor: reason) {
                try keep(discovery.content)
                summary.filtered += 1
            }
            return
        }
        if try insert(row) {
            summary.newImages += 1
        } else if try !isKnown(row) {
            guard onConflict == .rename else {
                try insert(row, ownedBy: try owner(of: row.path, folder: row.folder))
                try keep(discovery.content)
                summary.takenPaths += 1
                return
            }
            row.path = try freePath(like: path, folder: row.folder)
            guard try insert(row) else { preconditionFailure("a free path was taken meanwhile") }
            summary.newImages += 1
        } else {
            return try keep(discovery.content, ofKnown: row)
        }
        try keep(discovery.content)
        tally.add(1, .image, .ready)
        note(due: .atOnce, .image, host: row.host)
    }
}
