package import CrawlModel
import GRDB

/// When there may be something to claim.
package enum NextClaim: Equatable, Sendable {
    /// Nothing is ready.
    case never
    /// At this time, which may be past.
    case at(Timestamp)
    /// When a task that is in flight is over: the hosts of all that is due have no room.
    case afterAnother

    /// The earlier of two: the wait for the end of a task is cut short by any of them.
    package func or(_ other: NextClaim) -> NextClaim {
        switch (self, other) {
        case (.at(let one), .at(let another)): .at(min(one, another))
        case (.at, _), (_, .never): self
        case (_, .at), (.never, _): other
        case (.afterAnother, .afterAnother): self
        }
    }
}

extension Store {
    /// When the next ready task of a kind may be claimed.
    ///
    /// - Parameter kind: The kind of task.
    /// - Returns: A time that is never later than the true one.
    /// - Throws: `StoreError`.
    package func nextClaim(_ kind: TaskKind) async throws(StoreError) -> NextClaim {
        try await write { try $0.nextClaim(kind) }
    }
}

extension Transaction {
    /// Hosts that have tasks which are due and room for them, the one served longest ago first.
    ///
    /// A host that has to wait costs a look at its row, one whose tasks are many costs no more than one.
    func pickHosts(_ kind: TaskKind, limit: Int) throws -> [HostRow] {
        let statement = try db.cachedStatement(
            sql: """
                select \(HostRow.columns) from host
                where \(kind)_due_ms <= ?1 and next_ms <= ?1 and blocked_until_ms <= ?1
                order by served
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [now.milliseconds])
        var hosts: [HostRow] = []
        while hosts.count < limit, let row = try rows.next() {
            let host = HostRow(row)
            if paces.room(host, at: now) > 0 { hosts.append(host) }
        }
        return hosts
    }

    fileprivate func nextClaim(_ kind: TaskKind) throws -> NextClaim {
        // What was changed since the last transaction counts here.
        try paces.store(in: db)
        let statement = try db.cachedStatement(
            sql: """
                select name, max(\(kind)_due_ms, next_ms, blocked_until_ms) as opens from host
                where \(kind)_due_ms is not null order by opens limit ?
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [paces.full(at: now) + 1])
        var next = NextClaim.never
        while let row = try rows.next() {
            let opens = Timestamp(milliseconds: row[1])
            guard paces.isFull(row[0], at: max(opens, now)) else {
                return .at(opens)
            }
            next = .afterAnother
        }
        return next
    }
}
