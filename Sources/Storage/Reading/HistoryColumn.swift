/// What a history can say of a picture; the word is the same in SQL, CSV and JSON.
package enum HistoryColumn: String, CaseIterable, Sendable {
    /// When it ended, ISO 8601 in UTC.
    case endedAt = "ended_at"
    /// `done`, `failed` or `skipped`.
    case state
    /// The path below the crawl folder that it has or would have had.
    case path
    /// The picture's address.
    case url
    /// The caption as the page has it.
    case caption
    /// Its length in bytes, if it is done.
    case bytes
    /// The digest of its file, if it is done.
    case sha256
    /// Why it is not, if it is not.
    case errorClass = "error_class"
    /// The HTTP status, if there was an answer.
    case httpStatus = "http_status"
    /// How its last failed try ended; for a taken path, who owns it.
    case message
    /// How many tries it took.
    case attempts
    /// How long its last try took, in milliseconds.
    case tookMilliseconds = "took_ms"
    /// The page it was found on.
    case pageURL = "page_url"
    /// Its host.
    case host
    /// The run that ended it.
    case runID = "run_id"
    /// Its row.
    case id
    /// The fields that the recipe has found for it, a JSON object.
    case fields

    /// What it is in a query on `image` and the tables that `joins` names.
    var sql: String {
        switch self {
        case .endedAt: "strftime('%Y-%m-%dT%H:%M:%fZ', image.ended_ms / 1000.0, 'unixepoch')"
        case .state: "case image.state when 2 then 'done' when 3 then 'failed' else 'skipped' end"
        case .path: "folder.path || image.stem || image.extension"
        case .url: "base.url || image.url_rest"
        case .caption: "coalesce(image.caption, image.stem)"
        case .bytes: "iif(image.state = 2, image.bytes, null)"
        case .sha256: "iif(image.state = 2, lower(hex(image.digest)), null)"
        case .message:
            """
            case when image.state = 2 then null else coalesce(
                (select message from attempt
                where kind = 'image' and task_id = image.id and number = image.attempts),
                'the path belongs to image ' || image.owner_id || ', '
                || (select b.url || o.url_rest from image as o
                    join base as b on b.id = o.base_id where o.id = image.owner_id)) end
            """
        case .pageURL: "page.url"
        case .host: "host.name"
        case .errorClass, .httpStatus, .attempts, .tookMilliseconds, .runID, .id,
            .fields:
            "image.\(rawValue)"
        }
    }
}

extension HistorySelection {
    /// The query for these columns, the newest picture last; it can be run as it is in the sqlite3 shell.
    ///
    /// - Parameter columns: What to select, in this order.
    /// - Returns: One statement, without a semicolon.
    package func query(_ columns: [HistoryColumn]) -> String {
        // The newest are picked by id first, so that sorting does not carry whole rows around.
        let chosen =
            limit.map {
                """
                image.id in (
                    select image.id from image join folder on folder.id = image.folder_id
                    where \(condition)
                    order by image.ended_ms desc, image.id desc limit \($0))
                """
            } ?? condition
        return """
            select
                \(columns.map { "\($0.sql) as \($0.rawValue)" }.joined(separator: ",\n    "))
            from image
            join base on base.id = image.base_id
            join folder on folder.id = image.folder_id
            join page on page.id = image.page_id
            join host on host.id = image.host_id
            where \(chosen)
            order by image.ended_ms, image.id
            """
    }
}
