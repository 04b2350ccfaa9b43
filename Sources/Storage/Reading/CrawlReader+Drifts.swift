import GRDB

/// Pages that gave far fewer items than their siblings, though some.
package struct Drifts: Equatable, Sendable {
    /// How many there are.
    package let pages: Int
    /// The address of one of them; `nil` if there is none.
    package let example: String?
}

extension CrawlReader {
    /// The pages that gave far fewer items than their siblings; those that gave none stand in `status`.
    ///
    /// It looks at every page, so it is for the end of a run.
    ///
    /// - Throws: `StoreError`.
    package func drifts() throws(StoreError) -> Drifts {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: "select count(*), min(url) from drifts where items > 0"
            )
            return Drifts(pages: row?[0] ?? 0, example: row?[1])
        }
    }
}
