/// One numbered change of the schema.
package struct Migration: Sendable {
    /// The file's name without its suffix: `0001_create_crawl`.
    package let name: String
    /// The statements, run in one transaction.
    package let sql: String

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        sql = String(decoding: bytes, as: UTF8.self)
    }
}

extension Migration {
    /// Every migration in the order they are applied; a released one never changes.
    package static let all = [
        Migration("0001_create_crawl", PackageResources._001_create_crawl_sql),
        Migration("0002_create_views", PackageResources._002_create_views_sql),
    ]
}
