import CrashPoints
package import CrawlModel
import Foundation
import GRDB

extension Store {
    /// Lets all pictures that are done be asked for again, on condition that they have changed.
    ///
    /// Before `refreshPages`, if both are wanted: a crash in between leaves the larger part to be done. They stay done, with their files, until it is known that they have. Those that stand in their pages
    /// are left out, since their pages are read again. After a crash either all are to be asked for or none.
    ///
    /// - Returns: How many.
    /// - Throws: `StoreError`; then none is.
    package func refreshImages() async throws(StoreError) -> Int {
        try await write(synced: .now) { transaction in
            let count = try transaction.refreshImages()
            CrashPoint.refreshing.pass()
            return count
        }
    }

    /// Takes pictures that are to be asked for again and due for this run.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: The pictures in the order they were discovered; after a crash they are taken back.
    /// - Throws: `StoreError`.
    package func claimRefreshes(limit: Int) async throws(StoreError) -> [ImageTask] {
        let tasks = try await write { transaction in
            let ids = try transaction.claim(.refresh, limit: limit, columns: "id") {
                $0[0] as Int64
            }
            return try transaction.refreshes(ids)
        }
        CrashPoint.claimed.pass()
        return tasks
    }

    /// Records how tries of pictures that are asked for again ended, in one transaction.
    ///
    /// Of a picture that has changed the file must be whole, synced and under the path that was announced.
    /// A try that failed for good ends the refresh; the picture stays as it is.
    ///
    /// - Parameters:
    ///   - endings: Any number, at most one for each; those that this run does not hold are left alone.
    ///   - hasHook: Whether a hook is to be run for each that has changed.
    /// - Throws: `StoreError`; then nothing is recorded.
    package func finish(
        refreshes endings: [TaskEnding<RefreshedImage>],
        hasHook: Bool = false
    ) async throws(StoreError) {
        guard !endings.isEmpty else { return }
        try await write(synced: .now) { transaction in
            for ending in endings {
                try transaction.finish(refresh: ending, hasHook: hasHook)
            }
            CrashPoint.endingImages.pass()
        }
    }
}

extension Transaction {
    fileprivate mutating func refreshImages() throws -> Int {
        let hosts = "('', \(WebAddress.inlineHost.sqlLiteral))"
        let done = "state = 2 and host_id not in (select id from host where name in \(hosts))"
        let new = try Int.fetchOne(
            db,
            sql: "select count(*) from image where \(done) and id not in (select id from refresh)"
        )
        tally.add(new ?? 0, .refresh, .ready)
        try db.execute(
            sql: """
                update host set refresh_due_ms = 0
                where id in (select host_id from image where \(done))
                """
        )
        try db.execute(
            sql: """
                insert into refresh (id, host_id, attempts)
                select id, host_id, coalesce((select max(number) from attempt
                    where kind = 'refresh' and task_id = image.id), 0)
                from image where \(done)
                on conflict (id) do update set due_ms = 0, tries = 0, interrupted = 0
                """
        )
        return db.changesCount
    }

    /// What is to be known of pictures to ask for them again, in order.
    fileprivate func refreshes(_ ids: [Int64]) throws -> [ImageTask] {
        guard !ids.isEmpty else { return [] }
        let list = ids.map(String.init).joined(separator: ",")
        let rows = try Row.fetchCursor(
            db,
            sql: """
                select refresh.id, base.url || image.url_rest, folder.path, image.stem,
                    image.extension, refresh.tries, refresh.attempts, image.digest, image.validator,
                    coming_folder.path, coming.stem, coming.extension, coming.digest,
                    coming.owns_path, image.http_status is not null
                from refresh
                join image on image.id = refresh.id
                join base on base.id = image.base_id
                join folder on folder.id = image.folder_id
                left join version as coming
                    on coming.image_id = refresh.id and coming.how = 'coming'
                left join folder as coming_folder on coming_folder.id = coming.folder_id
                where refresh.id in (\(list)) order by refresh.id
                """
        )
        var tasks: [ImageTask] = []
        while let row = try rows.next() {
            var coming: ComingImage?
            if let folder = row[9] as String? {
                coming = ComingImage(
                    path: ImagePath(folder: folder, stem: row[10], extensionName: row[11]),
                    digest: [UInt8](row[12] as Data),
                    replaces: row[13] == 0
                )
            }
            tasks.append(
                ImageTask(
                    id: row[0],
                    address: try WebAddress(stored: row[1]),
                    path: ImagePath(folder: row[2], stem: row[3], extensionName: row[4]),
                    tries: row[5],
                    attempts: row[6],
                    older: OlderImage(
                        digest: [UInt8](row[7] as Data),
                        validator: row[8],
                        wasFetched: row[14],
                        coming: coming
                    )
                )
            )
        }
        return tasks
    }

    fileprivate mutating func finish(
        refresh ending: TaskEnding<RefreshedImage>,
        hasHook: Bool
    ) throws {
        let id = ending.taskID
        switch ending.outcome {
        case .failed(let failure, due: let due?, let counts):
            return try putOff(ending, failure, due: due, counts: counts)
        case .failed(let failure, due: nil, _), .skipped(let failure):
            guard let number = try remove(refresh: id) else { return }
            try record(failure, of: .refresh, ending, number: number)
            failedTries += 1
            refreshes.failed += 1
        case .done(.unchanged(let validator)):
            guard try remove(refresh: id) != nil else { return }
            refreshes.unchanged += 1
            if let validator { try keep(validator, of: id) }
        case .done(.changed(let image)):
            guard try remove(refresh: id) != nil else { return }
            try change(ending, to: image)
            if hasHook { try noteHook(of: id) }
            return
        }
        // Nothing has come: a file that has come is found before its address is asked.
        try dropComing(of: id)
    }

    /// Ends a refresh that this run holds; the number of its last try, or `nil` if it does not.
    private mutating func remove(refresh id: Int64) throws -> Int? {
        let statement = try db.cachedStatement(
            sql: """
                delete from refresh where id = ? and state = 1 and run_id = ? returning attempts + 1
                """
        )
        guard let number = try Int.fetchOne(statement, arguments: [id, runID]) else { return nil }
        tally.add(-1, .refresh, .running)
        return number
    }

    private mutating func putOff(
        _ ending: TaskEnding<RefreshedImage>,
        _ failure: Failure,
        due: Timestamp,
        counts: Bool
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                update refresh
                set state = 0, run_id = null, due_ms = ?, tries = tries + ?, attempts = attempts + 1
                where id = ? and state = 1 and run_id = ?
                returning attempts, host_id
                """
        )
        let row = try Row.fetchOne(
            statement,
            arguments: [due.milliseconds, counts ? 1 : 0, ending.taskID, runID]
        )
        guard let row else { return }
        failedTries += 1
        try record(failure, of: .refresh, ending, number: row[0])
        tally.add(-1, .refresh, .running)
        tally.add(1, .refresh, .ready)
        note(due: due, .refresh, host: row[1])
    }

    private func keep(_ validator: String, of id: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "update image set validator = ?1 where id = ?2 and validator is not ?1"
        )
        try statement.execute(arguments: [validator, id])
    }
}
