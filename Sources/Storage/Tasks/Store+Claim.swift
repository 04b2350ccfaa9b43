import CrashPoints
package import CrawlModel
import Foundation
import GRDB

extension Store {
    /// Takes listing pages that are ready and due for this run.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: The pages in the order they are to be read; after a crash they are taken back.
    /// - Throws: `StoreError`.
    package func claimPages(limit: Int) async throws(StoreError) -> [PageTask] {
        let tasks = try await write { transaction in
            try transaction.claim(.page, limit: limit, columns: "url, validator") { row in
                PageTask(
                    id: row[0],
                    address: try WebAddress(stored: row[3]),
                    tries: row[1],
                    attempts: row[2],
                    validator: row[4]
                )
            }
        }
        CrashPoint.claimed.pass()
        return tasks
    }

    /// Takes pictures that are ready and due for this run.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: The pictures in the order they were discovered, hosts taking turns; after a crash they
    ///   are taken back.
    /// - Throws: `StoreError`.
    package func claimImages(limit: Int) async throws(StoreError) -> [ImageTask] {
        let columns = """
            (select url from base where base.id = base_id) || url_rest,
            (select path from folder where folder.id = folder_id), stem, extension
            """
        let tasks = try await write { transaction in
            try transaction.claim(.image, limit: limit, columns: columns) { row in
                ImageTask(
                    id: row[0],
                    address: try WebAddress(stored: row[3]),
                    path: ImagePath(folder: row[4], stem: row[5], extensionName: row[6]),
                    tries: row[1],
                    attempts: row[2]
                )
            }
        }
        CrashPoint.claimed.pass()
        return tasks
    }

    /// Which pictures may still be fetched: those that are neither done nor skipped, and those that are to
    /// be asked for again.
    ///
    /// - Parameter ids: Their rows.
    /// - Returns: Those of them that are there and may be.
    /// - Throws: `StoreError`.
    package func unsaved(_ ids: [Int64]) async throws(StoreError) -> Set<Int64> {
        guard !ids.isEmpty else { return [] }
        return try await write { transaction in
            let list = ids.map(String.init).joined(separator: ",")
            return try Int64.fetchSet(
                transaction.db,
                sql: """
                    select id from image where id in (\(list)) and state not in (2, 4)
                    union all select id from refresh where id in (\(list))
                    """
            )
        }
    }

    /// The bytes of a picture that stands in its page.
    ///
    /// - Returns: `nil` for any other picture.
    /// - Throws: `StoreError`.
    package func inlineContent(ofImage id: Int64) async throws(StoreError) -> [UInt8]? {
        try await write { transaction in
            try Data.fetchOne(
                transaction.db,
                sql: "select content from inline where image_id = ?",
                arguments: [id]
            ).map { [UInt8]($0) }
        }
    }

    /// Gives back claimed tasks that were not started; they count neither as tried nor as interrupted.
    ///
    /// - Parameters:
    ///   - kind: The kind of task.
    ///   - ids: Their rows; those that this run does not hold are left alone.
    /// - Throws: `StoreError`.
    package func release(_ kind: TaskKind, ids: [Int64]) async throws(StoreError) {
        guard !ids.isEmpty else { return }
        try await write { transaction in
            try transaction.release(
                kind,
                where: "id in (\(ids.map(String.init).joined(separator: ",")))"
            )
        }
    }
}

extension Transaction {
    /// Enough to make a claim worth its transaction; more hosts that give one task each would make it long.
    private static let hostsInOneClaim = 16

    /// Picks hosts that have ready tasks and may be asked, the one served longest ago first, then tasks
    /// of each.
    mutating func claim<Claimed>(
        _ kind: TaskKind,
        limit: Int,
        columns: String,
        read: (Row) throws -> Claimed
    ) throws -> [Claimed] {
        // Both conditions are served by the partial index of ready tasks.
        let take = try db.cachedStatement(
            sql: """
                update \(kind) set state = 1, run_id = ?
                where id in (
                    select id from \(kind)
                    where state = 0 and host_id = ? and due_ms <= ?
                    order by due_ms, id limit ?)
                returning id, tries, attempts, \(columns)
                """
        )
        var claimed: [(id: Int64, task: Claimed)] = []
        var hostsServed = 0
        while claimed.count < limit, hostsServed < Self.hostsInOneClaim {
            let hostsLeft = Self.hostsInOneClaim - hostsServed
            let hosts = try pickHosts(kind, limit: min(limit - claimed.count, hostsLeft))
            if hosts.isEmpty { break }
            hostsServed += hosts.count
            let share = max(1, (limit - claimed.count) / hosts.count)
            for host in hosts where claimed.count < limit {
                let wanted = min(share, limit - claimed.count, paces.room(host, at: now))
                if wanted == 0 { continue }
                let before = claimed.count
                let rows = try Row.fetchCursor(
                    take,
                    arguments: [runID, host.id, now.milliseconds, wanted]
                )
                while let row = try rows.next() { claimed.append((row[0], try read(row))) }
                paces.take(claimed.count - before, of: host, at: now)
                try serve(host.id, kind, isExhausted: claimed.count - before < wanted)
            }
        }
        tally.add(-claimed.count, kind, .ready)
        tally.add(claimed.count, kind, .running)
        // RETURNING gives rows in no order.
        return claimed.sorted { $0.id < $1.id }.map(\.task)
    }

    /// Notes that a host had its turn, and when its next task is due if all due ones were taken.
    private func serve(_ host: Int64, _ kind: TaskKind, isExhausted: Bool) throws {
        let nextDue =
            isExhausted
            ? "(select min(due_ms) from \(kind) where state = 0 and host_id = host.id)"
            : "\(kind)_due_ms"
        let statement = try db.cachedStatement(
            sql: "update host set served = ?, \(kind)_due_ms = \(nextDue) where id = ?"
        )
        try statement.execute(arguments: [turns.next(), host])
    }

    /// Makes running tasks of this run that match `condition` ready again.
    mutating func release(_ kind: TaskKind, where condition: String) throws {
        let mine = "state = 1 and run_id = \(runID) and \(condition)"
        try db.execute(
            sql: """
                update host set \(kind)_due_ms = 0
                where id in (select host_id from \(kind) where \(mine))
                """
        )
        try db.execute(sql: "update \(kind) set state = 0, run_id = null where \(mine)")
        tally.add(-db.changesCount, kind, .running)
        tally.add(db.changesCount, kind, .ready)
    }
}
