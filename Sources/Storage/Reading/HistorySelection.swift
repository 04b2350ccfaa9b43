package import CrawlModel

/// Which pictures a history shows; what is left out does not count.
package struct HistorySelection: Sendable {
    /// A run of the folder.
    package enum Run: Equatable, Sendable {
        /// The newest.
        case last
        /// The one with this id.
        case number(Int64)
    }

    /// The states; all that are over if empty.
    package var states: Set<TaskState> = []
    /// The error classes; all if empty.
    package var classes: Set<ErrorClass> = []
    /// The hosts, with or without their ports; all if empty.
    package var hosts: [String] = []
    /// Only what ended then or later.
    package var since: Timestamp?
    /// Only what ended before.
    package var until: Timestamp?
    /// A pattern of the path below the crawl folder, as SQLite's GLOB takes it: `set/*.jpg`.
    package var path: String?
    /// Only what this run ended.
    package var run: Run?
    /// How many at most, the newest.
    package var limit: Int?

    /// All pictures that are over.
    package init() {}

    /// The condition on `image`; what came from outside stands in it as a quoted literal.
    var condition: String {
        var parts = [
            "image.state in (\(Self.list((states.isEmpty ? Self.over : states).map(\.rawValue))))"
        ]
        if !classes.isEmpty {
            let words = classes.map(\.rawValue).sorted().map(\.sqlLiteral)
            parts.append("image.error_class in (\(words.joined(separator: ", ")))")
        }
        if !hosts.isEmpty {
            let names = hosts.map { host in
                "name = \(host.sqlLiteral) or substr(name, 1, \(host.unicodeScalars.count + 1)) = "
                    + "\((host + ":").sqlLiteral)"
            }
            parts.append(
                "image.host_id in (select id from host where \(names.joined(separator: " or ")))"
            )
        }
        if let since { parts.append("image.ended_ms >= \(since.milliseconds)") }
        if let until { parts.append("image.ended_ms < \(until.milliseconds)") }
        if let path {
            parts.append("folder.path || image.stem || image.extension glob \(path.sqlLiteral)")
        }
        switch run {
        case .last: parts.append("image.run_id = (select max(id) from run)")
        case .number(let number): parts.append("image.run_id = \(number)")
        case nil: break
        }
        return parts.joined(separator: "\n    and ")
    }

    private static let over: Set<TaskState> = [.done, .failed, .skipped]

    private static func list(_ numbers: [Int]) -> String {
        numbers.sorted().map(String.init).joined(separator: ", ")
    }
}

extension String {
    /// The text as a literal of SQL.
    var sqlLiteral: String { "'\(replacing("'", with: "''"))'" }
}
