import CrashPoints
package import CrawlModel
import Foundation
import GRDB

extension Store {
    /// Records how tries of pictures ended, in one transaction.
    ///
    /// For a picture that is done its file must be whole, synced and under its final name already:
    /// then a row that says done never lacks its file, whenever the process or the machine stops.
    ///
    /// - Parameters:
    ///   - endings: Any number, at most one for each task.
    ///   - duplicates: Those among them whose bytes another done picture had first, it among them or not.
    ///   - hasHook: Whether a hook is to be run for each that is done.
    /// - Returns: How many were not recorded, since this run does not hold their task any more.
    /// - Throws: `StoreError`; then nothing is recorded.
    package func finish(
        images endings: [TaskEnding<SavedImage>],
        duplicates: [Duplicate] = [],
        hasHook: Bool = false
    ) async throws(StoreError) -> Int {
        guard !endings.isEmpty else { return 0 }
        return try await write(synced: .now) { transaction in
            var lost = 0
            for ending in endings {
                guard try transaction.finish(image: ending) else {
                    lost += 1
                    continue
                }
                if hasHook, case .done = ending.outcome {
                    try transaction.noteHook(of: ending.taskID)
                }
            }
            for duplicate in duplicates { try transaction.record(duplicate) }
            CrashPoint.endingImages.pass()
            return lost
        }
    }

    /// Records that a page failed or is skipped.
    ///
    /// - Parameter ending: An ending that is not `done`; see `finish(page:took:)` for that.
    /// - Throws: `StoreError`; then nothing is recorded.
    package func finish(failedPage ending: TaskEnding<Never>) async throws(StoreError) {
        try await write { transaction in
            _ = try transaction.finish(.page, ending)
        }
    }

    /// Ends the run: what it still holds is ready again.
    ///
    /// The database is closed, so that all of it is in one file though the process may end at once;
    /// afterwards the store is good for its counts only.
    ///
    /// - Parameter how: How it ended.
    /// - Throws: `StoreError`; then the next run finds it crashed.
    package func end(_ how: RunEnding) async throws(StoreError) {
        do throws(StoreError) {
            try await write(synced: .now) { transaction in
                for kind in TaskKind.allCases { try transaction.release(kind, where: "true") }
                try transaction.db.execute(
                    sql: "update run set ended_ms = ?, ending = ? where id = ?",
                    arguments: [transaction.now.milliseconds, how.rawValue, transaction.runID]
                )
                CrashPoint.endingRun.pass()
            }
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        await withCheckedContinuation { continuation in
            // Blocks for as long as it takes to copy the log into the database.
            DispatchQueue.global().async { [database] in
                // What can't be copied now, since somebody reads, is copied at the end of another run.
                try? database.close()
                continuation.resume()
            }
        }
    }
}

extension Transaction {
    /// Records one picture's ending; `false` if this run does not hold it.
    mutating func finish(image ending: TaskEnding<SavedImage>) throws -> Bool {
        guard case .done(let image) = ending.outcome else {
            return try finish(.image, ending)
        }
        let statement = try db.cachedStatement(
            sql: """
                update image
                set state = 2, ended_ms = ?, took_ms = ?, http_status = ?, bytes = ?, digest = ?,
                    validator = ?, tries = tries + 1, attempts = attempts + 1
                where id = ? and state = 1 and run_id = ?
                """
        )
        try statement.execute(arguments: [
            ending.ended.milliseconds, ending.took.milliseconds, image.status, image.bytes,
            Data(image.digest), image.validator, ending.taskID, runID,
        ])
        guard db.changesCount == 1 else { return false }
        tally.add(-1, .image, .running)
        tally.add(1, .image, .done, bytes: image.bytes)
        return true
    }

    /// Records an ending that is not `done`; `false` if this run does not hold the task.
    mutating func finish<Success>(_ kind: TaskKind, _ ending: TaskEnding<Success>) throws -> Bool {
        let failure: Failure
        let state: TaskState
        var due = Timestamp.atOnce
        var counts = true
        switch ending.outcome {
        case .done: preconditionFailure("a done \(kind) is recorded with its result")
        case .failed(let why, due: let time?, let doesCount):
            (failure, state, due, counts) = (why, .ready, time, doesCount)
        case .failed(let why, due: nil, _): (failure, state) = (why, .failed)
        case .skipped(let why): (failure, state) = (why, .skipped)
        }
        let isOver = state != .ready
        let path = kind == .image && state == .skipped ? "owns_path = 0, " : ""
        let statement = try db.cachedStatement(
            sql: """
                update \(kind)
                set \(path)state = ?, due_ms = ?, run_id = ?, ended_ms = ?, took_ms = ?, http_status = ?,
                    error_class = ?, tries = tries + ?, attempts = attempts + 1
                where id = ? and state = 1 and run_id = ?
                returning attempts, host_id
                """
        )
        let row = try Row.fetchOne(
            statement,
            arguments: [
                state.rawValue, due.milliseconds, isOver ? runID : nil,
                isOver ? ending.ended.milliseconds : nil, ending.took.milliseconds, failure.status,
                isOver ? failure.errorClass.rawValue : nil, counts ? 1 : 0, ending.taskID, runID,
            ]
        )
        guard let row else { return false }
        if case .skipped = ending.outcome {} else { failedTries += 1 }
        try record(failure, of: kind, ending, number: row[0])
        tally.add(-1, kind, .running)
        tally.add(1, kind, state, isOver ? failure.errorClass : nil)
        if !isOver { note(due: due, kind, host: row[1]) }
        return true
    }

    /// Records a try that failed, or was not made.
    func record<Success>(
        _ failure: Failure,
        of kind: TaskKind,
        _ ending: TaskEnding<Success>,
        number: Int
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                insert into attempt (kind, task_id, number, run_id, ended_ms, took_ms, error_class,
                    http_status, bytes, message)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            kind.rawValue, ending.taskID, number, runID, ending.ended.milliseconds,
            ending.took.milliseconds, failure.errorClass.rawValue, failure.status, failure.bytes,
            failure.message,
        ])
    }
}
