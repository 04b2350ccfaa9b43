package import CrawlModel
import GRDB

/// How pictures that filters left out come back, when the recipe has other filters now.
package struct Readmission: Sendable {
    /// What happens to one whose path another one has got meanwhile.
    let onConflict: ConflictRule
    /// Whether the filters in force leave a picture out, too.
    let refuses: @Sendable (Discovery) throws -> Bool

    /// A readmission by the recipe in force.
    package init(
        onConflict: ConflictRule,
        refuses: @escaping @Sendable (Discovery) throws -> Bool
    ) {
        self.onConflict = onConflict
        self.refuses = refuses
    }

    /// A picture that is not left out any more.
    struct Found {
        let id: Int64
        let folder: Int64
        let path: ImagePath
        let address: String
    }

    /// The pictures of a selection that are not left out any more, in order.
    func found(_ selection: RetrySelection, in db: Database) throws -> [Found] {
        guard selection.classes.contains(.filtered), selection.kinds.contains(.image) else {
            return []
        }
        let rows = selection.rows(.image, limit: -1, state: "state = 4")
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                select image.id, base.url || image.url_rest as url,
                    coalesce(image.caption, image.stem), image.fields, image.folder_id, folder.path,
                    image.stem, image.extension
                from image
                join base on base.id = image.base_id
                join folder on folder.id = image.folder_id
                where image.error_class = 'filtered' and image.id in (\(rows.sql))
                order by image.id
                """,
            arguments: rows.arguments
        )
        var found: [Found] = []
        while let row = try cursor.next(), found.count < selection.limit ?? .max {
            let address: String = row[1]
            var discovery = Discovery(
                reference: address,
                address: Result { () throws(AddressError) in try WebAddress(stored: address) },
                name: row[2]
            )
            discovery.fields = ItemFields(json: row[3])
            if try refuses(discovery) { continue }
            let path = ImagePath(folder: row[5], stem: row[6], extensionName: row[7])
            found.append(Found(id: row[0], folder: row[4], path: path, address: address))
        }
        return found
    }
}

extension Transaction {
    /// Makes failures of pictures that are not left out any more, so that they are retried as these are;
    /// one whose path is taken stays skipped, for that reason, or gets another.
    mutating func readmit(_ selection: RetrySelection, _ readmission: Readmission) throws {
        for image in try readmission.found(selection, in: db) {
            var path = image.path
            if let owner = try owner(of: path, folder: image.folder) {
                guard readmission.onConflict == .rename else {
                    try db.execute(
                        sql: """
                            update image set error_class = 'path_taken', owner_id = ? where id = ?
                            """,
                        arguments: [owner, image.id]
                    )
                    tally.add(-1, .image, .skipped, .filtered)
                    tally.add(1, .image, .skipped, .pathTaken)
                    continue
                }
                path = try freePath(like: path, folder: image.folder)
            }
            try db.execute(
                sql: """
                    update image set state = 3, owns_path = 1, caption = coalesce(caption, stem),
                        stem = ?, stem_key = ?
                    where id = ?
                    """,
                arguments: [path.stem, path.key == path.stem ? nil : path.key, image.id]
            )
            tally.add(-1, .image, .skipped, .filtered)
            tally.add(1, .image, .failed, .filtered)
        }
    }
}
