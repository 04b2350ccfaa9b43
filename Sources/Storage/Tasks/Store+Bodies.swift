import CrashPoints
package import CrawlModel
import Foundation
import GRDB

/// A page that was read and whose body is kept.
package struct KeptPage: Sendable {
    /// Its row.
    package let id: Int64
    /// Its address as it was asked for.
    package let url: String
    /// Where it stands among the levels of the recipe.
    package let place: PagePlace
    /// What is kept.
    package let body: PageBody
    /// When it was read, ISO 8601 in UTC.
    package let readAt: String
}

extension CrawlReader {
    /// Pages whose bodies are kept, in the order of their rows, some at a time.
    ///
    /// - Parameters:
    ///   - id: Only those behind this row; 0 for the first.
    ///   - limit: How many at most.
    /// - Returns: The pages; none behind the last.
    /// - Throws: `StoreError`.
    package func keptPages(after id: Int64, limit: Int) throws(StoreError) -> [KeptPage] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    select page.id, page.url, page.level, page.fields, page_body.address,
                        page_body.http_status, page_body.content_type, page_body.bytes, page_body.body,
                        strftime('%Y-%m-%dT%H:%M:%fZ', page_body.read_ms / 1000.0, 'unixepoch')
                    from page_body join page on page.id = page_body.page_id
                    where page.state = 2 and page_body.page_id > ? order by page_body.page_id limit ?
                    """,
                arguments: [id, limit]
            ).map { row in
                KeptPage(
                    id: row[0],
                    url: row[1],
                    place: PagePlace(level: row[2], fields: ItemFields(json: row[3])),
                    body: PageBody(
                        address: try WebAddress(stored: row[4]),
                        status: row[5],
                        contentType: row[6],
                        bytes: row[7],
                        packed: Array(row[8] as Data)
                    ),
                    readAt: row[9]
                )
            }
        }
    }

    /// When the newest picture or page that is done was had, ISO 8601 in UTC; `nil` if there is none.
    ///
    /// - Throws: `StoreError`.
    package func newestEnd() throws(StoreError) -> String? {
        try read { db in
            try String.fetchOne(
                db,
                sql: """
                    select strftime('%Y-%m-%dT%H:%M:%fZ', max(ended) / 1000.0, 'unixepoch') from (
                        select max(ended_ms) as ended from image where state = 2
                        union all select max(ended_ms) from page where state = 2)
                    """
            )
        }
    }
}

extension Store {
    /// Adds what a recipe finds in the kept body of a page that is done; what is known is left alone.
    ///
    /// - Parameters:
    ///   - id: The page's row.
    ///   - page: Its new reading.
    ///   - onConflict: What happens to a picture whose path another address owns.
    ///   - pagesMax: How many pages there may be in all; further ones are left out.
    /// - Returns: What was new; `nil` if the page is not done any more.
    /// - Throws: `StoreError`; then nothing is added.
    package func reread(
        page id: Int64,
        as page: ReadPage,
        onConflict: ConflictRule,
        pagesMax: Int?
    ) async throws(StoreError) -> DiscoverySummary? {
        try await write { transaction in
            let isDone = try Bool.fetchOne(
                transaction.db,
                sql: "select state = 2 from page where id = ?",
                arguments: [id]
            )
            guard isDone == true else { return nil }
            let shown = page.shown
            let summary = try transaction.discover(
                page,
                id,
                shown: shown,
                onConflict: onConflict,
                pagesMax: pagesMax
            )
            try transaction.db.execute(
                sql: """
                    update page
                    set items = ?, items_without_image = ?, new_images = new_images + ?, encoding = ?,
                        shown = ?
                    where id = ?
                    """,
                arguments: [
                    page.items, page.itemsWithoutImage, summary.newImages, page.encoding,
                    shown, id,
                ]
            )
            CrashPoint.rereading.pass()
            return summary
        }
    }
}

extension Transaction {
    /// Keeps the body of a page, or none, in place of an older one.
    func keep(_ body: PageBody?, ofPage id: Int64) throws {
        guard let body else {
            return try db.cachedStatement(sql: "delete from page_body where page_id = ?")
                .execute(arguments: [id])
        }
        let statement = try db.cachedStatement(
            sql: """
                insert or replace into page_body
                    (page_id, read_ms, address, http_status, content_type, bytes, body)
                values (?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            id, now.milliseconds, body.address.description, body.status, body.contentType,
            body.bytes, Data(body.packed),
        ])
    }
}
