package import CrawlModel
import GRDB

/// Which tasks a history shows.
package struct HistorySelection: Sendable {
    /// The states; all that are over if empty.
    package var states: Set<TaskState>
    /// The error classes; all if empty.
    package var classes: Set<ErrorClass>
    /// How many at most, the newest.
    package var limit: Int

    /// A selection of its parts.
    package init(states: Set<TaskState> = [], classes: Set<ErrorClass> = [], limit: Int) {
        self.states = states
        self.classes = classes
        self.limit = limit
    }
}

/// What became of one picture.
package struct HistoryEntry: Codable, Equatable, Sendable {
    /// When it ended, ISO 8601 in UTC.
    package let endedAt: String
    /// `done`, `failed` or `skipped`.
    package let state: String
    /// The path below the crawl folder that it has or would have had.
    package let path: String
    /// The picture's address.
    package let url: String
    /// The caption as the page has it.
    package let caption: String
    /// Its length in bytes, if it is done.
    package let bytes: Int?
    /// Why it is not, if it is not.
    package let errorClass: String?
    /// The HTTP status, if there was an answer.
    package let httpStatus: Int?
    /// How its last failed try ended; for a taken path, who owns it.
    package let message: String?
    /// How many tries it took.
    package let attempts: Int
    /// The page it was found on.
    package let pageURL: String
    /// The run that ended it.
    package let run: Int

    enum CodingKeys: String, CodingKey {
        case endedAt = "ended_at"
        case state, path, url, caption, bytes
        case errorClass = "error_class"
        case httpStatus = "http_status"
        case message, attempts
        case pageURL = "page_url"
        case run
    }
}

extension CrawlReader {
    /// What became of pictures, the newest last.
    ///
    /// - Parameters:
    ///   - selection: Which ones.
    ///   - body: Called for each; nothing is kept.
    /// - Throws: `StoreError`.
    package func history(
        _ selection: HistorySelection,
        _ body: (HistoryEntry) -> Void
    ) throws(StoreError) {
        let states = selection.states.isEmpty ? [.done, .failed, .skipped] : selection.states
        let numbers = states.map { String($0.rawValue) }.sorted().joined(separator: ", ")
        let words = selection.classes.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    select * from (
                        select
                            strftime('%Y-%m-%dT%H:%M:%fZ', image.ended_ms / 1000.0, 'unixepoch'),
                            image.state, folder.path || image.stem || image.extension,
                            base.url || image.url_rest, coalesce(image.caption, image.stem),
                            iif(image.state = 2, image.bytes, null), image.error_class,
                            image.http_status,
                            case when image.state = 2 then null
                            else coalesce(
                                (select message from attempt
                                where kind = 'image' and task_id = image.id
                                    and number = image.attempts),
                                'the path belongs to image ' || image.owner_id || ', '
                                || (select b.url || o.url_rest from image o
                                    join base b on b.id = o.base_id where o.id = image.owner_id)
                            ) end,
                            image.attempts, page.url, image.run_id,
                            image.ended_ms as ended_ms, image.id as id
                        from image
                        join base on base.id = image.base_id
                        join folder on folder.id = image.folder_id
                        join page on page.id = image.page_id
                        where image.state in (\(numbers))
                        \(words.isEmpty ? "" : "and image.error_class in (\(words))")
                        order by image.ended_ms desc, image.id desc limit ?)
                    order by ended_ms, id
                    """,
                arguments: [selection.limit]
            )
            while let row = try rows.next() { body(Self.entry(row)) }
        }
    }

    private static func entry(_ row: Row) -> HistoryEntry {
        HistoryEntry(
            endedAt: row[0],
            state: TaskState(rawValue: row[1])?.word ?? "",
            path: row[2],
            url: row[3],
            caption: row[4],
            bytes: row[5],
            errorClass: row[6],
            httpStatus: row[7],
            message: row[8],
            attempts: row[9],
            pageURL: row[10],
            run: row[11]
        )
    }
}
