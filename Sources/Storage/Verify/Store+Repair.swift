import CrawlModel
import CrashPoints
import GRDB

extension Store {
    /// Mends rows: what is broken becomes ready again, what is miscounted is counted anew.
    ///
    /// The file of a changed or undecodable picture must be out of the way already, see `Vault.setAside`.
    ///
    /// - Parameter violations: What `verify` found; what can't be mended is left alone.
    /// - Returns: How many were mended.
    /// - Throws: `StoreError`; then none were.
    package func repair(_ violations: [Violation]) async throws(StoreError) -> Int {
        if violations.contains(where: { $0.kind == .wrongCount }) { try await recount() }
        return try await write(synced: .now) { transaction in
            var mended = 0
            for violation in violations where violation.kind.isRepairable {
                try transaction.repair(violation)
                mended += 1
            }
            CrashPoint.repairing.pass()
            return mended
        }
    }
}

extension Transaction {
    fileprivate mutating func repair(_ violation: Violation) throws {
        guard let kind = violation.table, let id = violation.id else { return }
        switch violation.kind {
        case .missingFile, .changedFile, .undecodable, .lostDiscovery: try makeReady(kind, id)
        case .forgottenTask:
            let host = try Int64.fetchOne(
                db,
                sql: "select host_id from \(kind) where id = ?",
                arguments: [id]
            )
            if let host { note(due: .atOnce, kind, host: host) }
        case .lostOwner: try revive([id])
        // The run that is about to mend them has taken stray tasks back when it began.
        case .strayTask, .wrongCount, .damagedDatabase, .missingReason, .unsafePath,
            .crashedDecoder, .slowDecoding:
            break
        }
    }

    /// There is nothing that it could be compared with.
    private mutating func dropRefresh(of id: Int64) throws {
        try db.execute(sql: "delete from refresh where id = ?", arguments: [id])
        tally.add(-db.changesCount, .refresh, .ready)
        try dropComing(of: id)
    }

    /// Makes a done task ready again, as if it had never been tried; its attempts stay counted.
    private mutating func makeReady(_ kind: TaskKind, _ id: Int64) throws {
        let row = try Row.fetchOne(
            db,
            sql: "select bytes, host_id from \(kind) where id = ? and state = 2",
            arguments: [id]
        )
        guard let row else { return }
        if kind == .image {
            // Without its file theirs are nowhere.
            let heirs = try skippedForBytes(of: "\(id)")
            try dropDuplicates(of: "\(id)")
            try revive(heirs)
            // It is due again when the picture is, if it is saved then.
            try db.execute(sql: "delete from hook_due where image_id = ?", arguments: [id])
            try dropRefresh(of: id)
        }
        let result =
            kind == .image
            ? "digest = null, validator = null"
            : "items = null, new_images = null, validator = null"
        try db.execute(
            sql: """
                update \(kind)
                set state = 0, run_id = null, due_ms = 0, tries = 0, interrupted = 0,
                    ended_ms = null, took_ms = null, http_status = null, bytes = null, \(result)
                where id = ?
                """,
            arguments: [id]
        )
        tally.add(-1, kind, .done, bytes: -(row[0] as Int))
        tally.add(1, kind, .ready)
        note(due: .atOnce, kind, host: row[1])
    }
}
