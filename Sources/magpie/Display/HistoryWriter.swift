import Foundation
import Storage

/// Writes what became of pictures; memory does not grow with their number.
struct HistoryWriter: ~Copyable {
    let format: HistoryCommand.Format
    let columns: [HistoryColumn]

    private var output = BufferedOutput()
    /// Rows of a table until there are enough to know how wide its columns are.
    private var waiting: [[String]] = []
    private var widths: [Int]?

    /// Rows that decide how wide a table's columns are.
    private static let sample = 1000

    init(format: HistoryCommand.Format, columns: [HistoryColumn]) {
        self.format = format
        self.columns = columns
    }

    mutating func begin() throws {
        guard format == .csv else { return }
        try output.write(columns.map(\.rawValue).joined(separator: ",") + "\n")
    }

    mutating func write(_ cells: [HistoryCell]) throws {
        switch format {
        case .jsonl: try output.write(Self.json(columns, cells))
        case .csv:
            let line = cells.map { CSVCell.quoted($0.text) }.joined(separator: ",")
            // Cells are given as they are, but not to a terminal, which may take them for orders.
            try output.write((Console.isTerminal ? Plain.text(line) : line) + "\n")
        case .table: try add(cells)
        }
    }

    mutating func end() throws {
        if widths == nil, !waiting.isEmpty { try beginTable() }
        try output.flush()
    }

    /// A line of JSON: an object with these columns in this order.
    static func json(_ columns: [HistoryColumn], _ cells: [HistoryCell]) -> String {
        var line = "{"
        for (column, cell) in zip(columns, cells) {
            if line.utf8.count > 1 { line += "," }
            // What the database keeps as JSON stays JSON.
            let isJSON = column == .fields && cell != .null
            let value = isJSON ? JSONText.harmless(cell.text) : cell.json
            line += "\"\(column.rawValue)\":\(value)"
        }
        return line + "}\n"
    }

    private mutating func add(_ cells: [HistoryCell]) throws {
        let row = zip(columns, cells).map { column, cell -> String in
            switch (column, cell) {
            case (.endedAt, .text(let time)):
                return String(time.prefix(19).replacing("T", with: " "))
            case (.bytes, .number(let bytes)): return Plain.bytes(Int(bytes))
            default: return Plain.text(cell.text)
            }
        }
        if let widths { return try output.write(TextTable.line(row, widths) + "\n") }
        waiting.append(row)
        if waiting.count == Self.sample { try beginTable() }
    }

    private mutating func beginTable() throws {
        let table = TextTable(header: columns.map(\.rawValue), rows: waiting)
        for line in table.lines { try output.write(line + "\n") }
        widths = table.widths
        waiting = []
    }
}

extension HistoryCell {
    /// The cell as text; nothing for null.
    fileprivate var text: String {
        switch self {
        case .null: ""
        case .number(let number): String(number)
        case .text(let text): text
        }
    }

    fileprivate var json: String {
        switch self {
        case .null: "null"
        case .number(let number): String(number)
        case .text(let text): JSONText.string(text)
        }
    }
}
