import Storage

/// Writes what became of pictures, one line each.
struct HistoryWriter {
    let format: HistoryCommand.Format

    private static let columns = [
        "ended_at", "state", "path", "url", "caption", "bytes", "error_class", "http_status",
        "message",
        "attempts", "page_url", "run",
    ]

    func begin() throws {
        if format == .csv { try Console.say(Self.columns.joined(separator: ",")) }
    }

    func write(_ entry: HistoryEntry) throws {
        switch format {
        case .jsonl: try Console.say(JSONText.line(entry))
        case .csv: try Console.say(line(Self.cells(entry)))
        case .table: try Console.say(Self.row(entry))
        }
    }

    /// Cells are given as they are, but not to a terminal, which may take them for orders.
    private func line(_ cells: [String]) -> String {
        let shown = Console.isTerminal ? cells.map(Plain.text) : cells
        return shown.map(CSVCell.quoted).joined(separator: ",")
    }

    private static func row(_ entry: HistoryEntry) -> String {
        let time = entry.endedAt.prefix(19).replacing("T", with: " ")
        let state = entry.state + String(repeating: " ", count: 8 - entry.state.count)
        let what =
            entry.state == "done"
            ? Plain.bytes(entry.bytes ?? 0)
            : "\(entry.errorClass ?? ""): \(entry.message ?? "")"
        return Plain.text("\(time)  \(state) \(entry.path)  \(what)  \(entry.url)")
    }

    private static func cells(_ entry: HistoryEntry) -> [String] {
        func text(_ number: Int?) -> String { number.map(String.init) ?? "" }
        return [
            entry.endedAt, entry.state, entry.path, entry.url, entry.caption, text(entry.bytes),
            entry.errorClass ?? "", text(entry.httpStatus), entry.message ?? "",
            text(entry.attempts),
            entry.pageURL, text(entry.run),
        ]
    }
}
