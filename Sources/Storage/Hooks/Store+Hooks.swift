package import CrawlModel
import GRDB

/// A picture whose hook is to be run.
package struct HookedImage: Sendable {
    /// Its row.
    package let id: Int64
    /// Where it is below the crawl folder.
    package let path: String
    /// What its page calls it.
    package let caption: String
    /// Its address.
    package let url: String
    /// The address of the page it was found on.
    package let pageURL: String
    /// The SHA-256 of its file in hexadecimal digits.
    package let sha256: String
    /// The length of its file in bytes.
    package let bytes: Int
}

/// A hook that did not end well.
package struct HookFailure: Sendable {
    /// The picture's row; `nil` for the hook at the end.
    package let imageID: Int64?
    /// The program and its arguments.
    package let command: [String]
    /// The exit code, if it exited.
    package let exitCode: Int?
    /// The signal that ended it, if one did.
    package let signal: Int?
    /// What happened, for people.
    package let message: String
    /// When it ended.
    package let ended: Timestamp
    /// How long it ran.
    package let took: Duration

    /// A failure of its parts.
    package init(
        imageID: Int64?,
        command: [String],
        exitCode: Int?,
        signal: Int?,
        message: String,
        ended: Timestamp,
        took: Duration
    ) {
        self.imageID = imageID
        self.command = command
        self.exitCode = exitCode
        self.signal = signal
        self.message = message
        self.ended = ended
        self.took = took
    }
}

extension Store {
    /// Pictures whose hooks have not ended, in the order of their rows, also those that an earlier run left.
    ///
    /// - Throws: `StoreError`.
    package func dueHooks(limit: Int) async throws(StoreError) -> [HookedImage] {
        try await write { transaction in
            try Row.fetchAll(
                transaction.db,
                sql: """
                    select downloads.id, path, caption, url, page_url, sha256, bytes
                    from hook_due join downloads on downloads.id = hook_due.image_id
                    order by hook_due.image_id limit ?
                    """,
                arguments: [limit]
            ).map { row in
                HookedImage(
                    id: row[0],
                    path: row[1],
                    caption: row[2],
                    url: row[3],
                    pageURL: row[4],
                    sha256: row[5],
                    bytes: row[6]
                )
            }
        }
    }

    /// Lets go of hooks that a recipe wanted which is in force no more.
    ///
    /// - Throws: `StoreError`.
    package func dropDueHooks() async throws(StoreError) {
        try await write { try $0.db.execute(sql: "delete from hook_due") }
    }

    /// Records that a hook has ended, in one transaction.
    ///
    /// - Parameters:
    ///   - image: The picture whose hook it was; `nil` for the one at the end. If it has changed meanwhile,
    ///     its hook stays due.
    ///   - failure: What went wrong; `nil` if nothing did.
    /// - Throws: `StoreError`; then nothing is recorded, and a picture's hook is run again.
    package func record(
        hookOf image: HookedImage?,
        failure: HookFailure?
    ) async throws(StoreError) {
        try await write { transaction in
            try transaction.db.execute(
                sql: """
                    delete from hook_due where image_id = ?1 and exists (
                        select 1 from image where id = ?1 and lower(hex(digest)) = ?2)
                    """,
                arguments: [image?.id, image?.sha256]
            )
            if let failure { try transaction.record(failure) }
        }
    }
}

extension Transaction {
    /// Notes that a picture's hook is to be run.
    func noteHook(of image: Int64) throws {
        try db.cachedStatement(sql: "insert or ignore into hook_due (image_id) values (?)")
            .execute(arguments: [image])
    }

    fileprivate func record(_ failure: HookFailure) throws {
        try db.execute(
            sql: """
                insert into hook_failure
                    (image_id, run_id, command, exit_code, signal, message, ended_ms, took_ms)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                failure.imageID, runID, failure.command.joined(separator: " "), failure.exitCode,
                failure.signal, failure.message, failure.ended.milliseconds,
                failure.took.milliseconds,
            ]
        )
    }
}
