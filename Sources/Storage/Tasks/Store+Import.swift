import CrashPoints
package import CrawlModel
import GRDB

/// A picture as a list has it.
package struct ListedImage: Sendable {
    /// Its address, caption and fields.
    package let discovery: Discovery
    /// The path it had, or the one that the recipe gives it.
    package let path: ImagePath
    /// The page it was found on, if the list says so.
    package let page: String?
    /// The SHA-256 of its file, if the list has it done.
    package let digest: [UInt8]?

    /// A picture of its parts.
    package init(discovery: Discovery, path: ImagePath, page: String?, digest: [UInt8]?) {
        self.discovery = discovery
        self.path = path
        self.page = page
        self.digest = digest
    }
}

/// What a picture of a list is to the crawl.
package struct ListedOwner: Sendable {
    /// Its row.
    package let owner: FileOwner
    /// Whether it was not known before.
    package let isNew: Bool
}

extension Store {
    /// Adds the pictures of a list; known ones are left alone.
    ///
    /// Those whose page is not known belong to a page of the list's own, which is never read.
    ///
    /// - Parameters:
    ///   - images: Some pictures of the list, all with addresses.
    ///   - list: The list's name.
    ///   - onConflict: What happens to a picture whose path another address owns.
    /// - Returns: For each, in order, its row.
    /// - Throws: `StoreError`; then none was added.
    package func add(
        _ images: [ListedImage],
        ofList list: String,
        onConflict: ConflictRule
    ) async throws(StoreError) -> [ListedOwner] {
        try await write(synced: .now) { transaction in
            var summary = DiscoverySummary()
            var items = 0
            var owners: [ListedOwner] = []
            for image in images {
                let known = try transaction.fileOwner(of: image.discovery)
                var page = try image.page.flatMap { try transaction.page(at: $0) }
                if page == nil, known == nil {
                    page = try transaction.page(ofList: list)
                    items += 1
                }
                if known == nil, let page {
                    try transaction.insert(
                        image.discovery,
                        path: image.path,
                        page: page,
                        onConflict: onConflict,
                        summary: &summary
                    )
                }
                guard let owner = try known ?? transaction.fileOwner(of: image.discovery) else {
                    preconditionFailure("a picture that was added is not there")
                }
                owners.append(ListedOwner(owner: owner, isNew: known == nil))
            }
            if items > 0 {
                try transaction.db.execute(
                    sql: "update page set items = items + ? where url = ?",
                    arguments: [items, Transaction.address(ofList: list)]
                )
            }
            CrashPoint.importing.pass()
            return owners
        }
    }
}

extension Transaction {
    /// No web address, so that it is never mistaken for a page to read.
    static func address(ofList list: String) -> String { "import:\(list)" }

    fileprivate func page(at address: String) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "select id from page where url = ?")
        return try Int64.fetchOne(statement, arguments: [address])
    }

    /// The page of a list, made if there is none.
    fileprivate mutating func page(ofList list: String) throws -> Int64 {
        let address = Self.address(ofList: list)
        if let id = try page(at: address) { return id }
        try db.execute(
            sql: """
                insert into page (host_id, url, level, state, run_id, ended_ms, took_ms, bytes, items,
                    items_without_image, new_images)
                values (?, ?, ?, 2, ?, ?, 0, 0, 0, 0, 0)
                """,
            arguments: [
                try known.id(of: "", in: .host, db), address, PagePlace.list, runID,
                now.milliseconds,
            ]
        )
        let id = db.lastInsertedRowID
        tally.add(1, .page, .done)
        return id
    }

    /// The row of a picture with this address.
    fileprivate func fileOwner(of discovery: Discovery) throws -> FileOwner? {
        guard case .success(let address) = discovery.address else { return nil }
        let (base, rest) = address.split
        let statement = try db.cachedStatement(
            sql: """
                select image.id, state, folder.path, stem, extension
                from image join folder on folder.id = image.folder_id
                where base_id = (select id from base where url = ?) and url_rest = ?
                """
        )
        let row = try Row.fetchOne(statement, arguments: [base, rest])
        guard let row, let state = TaskState(rawValue: row[1]) else { return nil }
        let path = ImagePath(folder: row[2], stem: row[3], extensionName: row[4])
        return FileOwner(id: row[0], state: state, path: path)
    }
}
