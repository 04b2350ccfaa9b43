import CrawlModel
import Foundation
import GRDB

/// A row for a picture that may be new.
struct NewImage {
    let page: Int64
    var host: Int64 = 0
    var base: Int64 = 0
    var rest = ""
    var folder: Int64 = 0
    var path: ImagePath
    let caption: String
    /// The further fields as JSON.
    let fields: String?

    init(page: Int64, path: ImagePath, caption: String, fields: String? = nil) {
        self.page = page
        self.path = path
        self.caption = caption
        self.fields = fields
    }

    /// The columns that every insertion sets.
    fileprivate static let columns = """
        page_id, host_id, base_id, url_rest, folder_id, stem, stem_key, extension, caption,
        fields
        """

    fileprivate var arguments: StatementArguments {
        let key = path.key
        return [
            page, host, base, rest, folder, path.stem, key == path.stem ? nil : key,
            path.extensionName, caption == path.stem ? nil : caption, fields,
        ]
    }
}

extension Transaction {
    /// Adds a picture to be fetched; `false` if its address is known or its path is taken.
    func insert(_ image: NewImage) throws -> Bool {
        // The index of paths does not know of those.
        if try known.hasVersions(db), try owner(of: image.path, folder: image.folder) != nil {
            return false
        }
        let statement = try db.cachedStatement(
            sql: """
                insert into image (\(NewImage.columns)) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict do nothing
                """
        )
        try statement.execute(arguments: image.arguments)
        return db.changesCount == 1
    }

    /// Adds a picture whose path another one owns, as skipped.
    mutating func insert(_ image: NewImage, ownedBy owner: Int64?) throws {
        let statement = try db.cachedStatement(
            sql: """
                insert into image (\(NewImage.columns), state, owns_path, run_id, ended_ms,
                    error_class, owner_id)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 4, 0, ?, ?, 'path_taken', ?)
                """
        )
        try statement.execute(
            arguments: image.arguments + [runID, now.milliseconds, owner]
        )
        tally.add(1, .image, .skipped, .pathTaken)
    }

    /// Adds a picture that the recipe's filters leave out, as skipped; `false` if it is known.
    mutating func insert(_ image: NewImage, refusedFor reason: String) throws -> Bool {
        guard try !isKnown(image) else { return false }
        let statement = try db.cachedStatement(
            sql: """
                insert into image (\(NewImage.columns), state, owns_path, run_id, ended_ms,
                    error_class, attempts)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 4, 0, ?, ?, 'filtered', 1)
                """
        )
        try statement.execute(arguments: image.arguments + [runID, now.milliseconds])
        try record(.filtered, reason, ofNewImage: db.lastInsertedRowID)
        tally.add(1, .image, .skipped, .filtered)
        return true
    }

    /// Keeps the bytes of the picture that was just added, if they stand in its page.
    func keep(_ content: [UInt8]?) throws {
        guard let content else { return }
        let statement = try db.cachedStatement(
            sql: "insert into inline (image_id, content) values (?, ?)"
        )
        try statement.execute(arguments: [db.lastInsertedRowID, Data(content)])
    }

    /// Keeps the bytes of a known picture that has none, since it came from a list.
    func keep(_ content: [UInt8]?, ofKnown image: NewImage) throws {
        guard let content else { return }
        let statement = try db.cachedStatement(
            sql: """
                insert or ignore into inline (image_id, content)
                select id, ? from image where base_id = ? and url_rest = ?
                """
        )
        try statement.execute(arguments: [Data(content), image.base, image.rest])
    }

    /// Records why a picture is over before it was tried.
    private func record(_ errorClass: ErrorClass, _ message: String, ofNewImage id: Int64) throws {
        let statement = try db.cachedStatement(
            sql: """
                insert into attempt (kind, task_id, number, run_id, ended_ms, took_ms, error_class,
                    bytes, message)
                values ('image', ?, 1, ?, ?, 0, ?, 0, ?)
                """
        )
        try statement.execute(
            arguments: [id, runID, now.milliseconds, errorClass.rawValue, message]
        )
    }

    /// Adds a picture whose address can't be asked for, as failed; `false` if it is known.
    mutating func insert(_ image: NewImage, badAddress error: AddressError) throws -> Bool {
        var image = image
        image.folder = try known.id(of: image.path.folder, in: .folder, db)
        guard try !isKnown(image) else { return false }
        if try owner(of: image.path, folder: image.folder) != nil {
            image.path = try freePath(like: image.path, folder: image.folder)
        }
        let statement = try db.cachedStatement(
            sql: """
                insert into image (\(NewImage.columns), state, run_id, ended_ms, error_class, attempts)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 3, ?, ?, 'bad_url', 1)
                """
        )
        try statement.execute(arguments: image.arguments + [runID, now.milliseconds])
        try record(.badURL, "\(error)", ofNewImage: db.lastInsertedRowID)
        tally.add(1, .image, .failed, .badURL)
        return true
    }

    /// Whether the picture's address is in the table.
    func isKnown(_ image: NewImage) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "select 1 from image where base_id = ? and url_rest = ?"
        )
        return try Int.fetchOne(statement, arguments: [image.base, image.rest]) != nil
    }

    /// The picture that owns a path, by the one that its row has or by another version.
    func owner(of path: ImagePath, folder: Int64) throws -> Int64? {
        let statement = try db.cachedStatement(sql: Self.ownerQuery(folderID: "?1"))
        return try Int64.fetchOne(statement, arguments: [folder, path.key, path.extensionName])
    }

    /// Asks for the id of the picture that owns a path, given the key of its stem (`?2`) and its extension (`?3`).
    static func ownerQuery(folderID: String) -> String {
        let isIt = """
            folder_id = \(folderID) and coalesce(stem_key, stem) = ?2 and extension = ?3
                and owns_path = 1
            """
        return """
            select id from image where \(isIt)
            union all select image_id from version where \(isIt)
            """
    }

    /// The first numbered path that is free, from `cat (2).jpg` on.
    ///
    /// Numbers are given out without gaps, so the first free one is found by doubling and halving
    /// instead of one by one.
    func freePath(like path: ImagePath, folder: Int64) throws -> ImagePath {
        func isFree(_ number: Int) throws -> Bool {
            try owner(of: path.numbered(number), folder: folder) == nil
        }
        var (taken, free) = (1, 2)
        while try !isFree(free) { (taken, free) = (free, free * 2) }
        while free - taken > 1 {
            let middle = (taken + free) / 2
            if try isFree(middle) { free = middle } else { taken = middle }
        }
        return path.numbered(free)
    }
}
