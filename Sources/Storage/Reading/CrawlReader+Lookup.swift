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
        try read { db in
            try String.fetchOne(
                db,
                sql: """
                    with place as (select ?2 as stem_key, ?3 as extension,
                        (select id from folder where path = ?1) as folder_id),
                    owner as (
                        select image.id from place cross join image
                        on image.folder_id = place.folder_id and image.extension = place.extension
                            and coalesce(image.stem_key, image.stem) = place.stem_key
                            and image.owns_path = 1
                        union all
                        select version.image_id from place cross join version
                        on version.folder_id = place.folder_id
                            and version.extension = place.extension
                            and coalesce(version.stem_key, version.stem) = place.stem_key
                            and version.owns_path = 1)
                    select base.url || url_rest from owner
                    join image on image.id = owner.id join base on base.id = base_id
                    """,
                arguments: [path.folder, path.key, path.extensionName]
            )
        }
    }
}
