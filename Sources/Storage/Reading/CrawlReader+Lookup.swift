package import CrawlModel
import GRDB

/// A picture that the database knows.
package struct KnownPicture: Equatable, Sendable {
    /// Where it stands.
    package let state: TaskState
    /// Why it failed or was skipped; `nil` otherwise.
    package let errorClass: ErrorClass?
    /// Its path below the crawl folder.
    package let path: String
}

extension CrawlReader {
    /// The picture with an address; `nil` if it was never found.
    ///
    /// - Throws: `StoreError`.
    package func picture(at address: WebAddress) throws(StoreError) -> KnownPicture? {
        let (base, rest) = address.split
        return try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    select state, error_class, folder.path || stem || extension
                    from image join folder on folder.id = folder_id
                    where base_id = (select id from base where url = ?) and url_rest = ?
                    """,
                arguments: [base, rest]
            )
            guard let row, let state = TaskState(rawValue: row[0]) else { return nil }
            let errorClass = (row[1] as String?).flatMap(ErrorClass.init(rawValue:))
            return KnownPicture(state: state, errorClass: errorClass, path: row[2])
        }
    }

    /// The address of the picture that owns a path; `nil` if the path is free.
    ///
    /// - Throws: `StoreError`.
    package func owner(of path: ImagePath) throws(StoreError) -> String? {
        let folderID = "(select id from folder where path = ?1)"
        return try read { db in
            try String.fetchOne(
                db,
                sql: """
                    select base.url || url_rest from image join base on base.id = base_id
                    where image.id in (\(Transaction.ownerQuery(folderID: folderID)))
                    """,
                arguments: [path.folder, path.key, path.extensionName]
            )
        }
    }
}
