package import CrawlModel
import GRDB

extension Store {
    /// The robots.txt of a host as it was last had.
    ///
    /// - Parameter host: Host and port.
    /// - Returns: Its text, empty where the host has none; `nil` if it was never had.
    /// - Throws: `StoreError`.
    package func robots(of host: String) async throws(StoreError) -> String? {
        try await write { transaction in
            let statement = try transaction.db.cachedStatement(
                sql: """
                    select content from robots join host on host.id = host_id where host.name = ?
                    """
            )
            return try String.fetchOne(statement, arguments: [host])
        }
    }

    /// Keeps the robots.txt of a host.
    ///
    /// - Parameters:
    ///   - text: The file; empty where the host has none.
    ///   - status: The HTTP status of the answer; `nil` where redirects led nowhere.
    ///   - host: Host and port.
    ///   - read: When it was had.
    /// - Throws: `StoreError`.
    package func keep(
        robots text: String,
        status: Int?,
        of host: String,
        read: Timestamp
    ) async throws(StoreError) {
        try await write { transaction in
            try transaction.db.execute(
                sql: """
                    insert into robots (host_id, read_ms, http_status, content)
                    select id, ?2, ?3, ?4 from host where name = ?1
                    on conflict do update set read_ms = ?2, http_status = ?3, content = ?4
                    """,
                arguments: [host, read.milliseconds, status, text]
            )
        }
    }
}
