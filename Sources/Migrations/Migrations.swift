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
        Migration("0003_limit_hosts", PackageResources._003_limit_hosts_sql),
        Migration("0004_keep_fields", PackageResources._004_keep_fields_sql),
        Migration("0005_keep_copies", PackageResources._005_keep_copies_sql),
        Migration("0006_keep_validators", PackageResources._006_keep_validators_sql),
        Migration("0007_keep_inline_images", PackageResources._007_keep_inline_images_sql),
        Migration("0008_record_hooks", PackageResources._008_record_hooks_sql),
        Migration("0009_keep_shown", PackageResources._009_keep_shown_sql),
        Migration("0010_refresh_images", PackageResources._010_refresh_images_sql),
    ]
}
