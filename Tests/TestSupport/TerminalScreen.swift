/// What a terminal shows after the bytes it was given: enough of one for what magpie writes.
///
/// Long lines wrap, a narrower screen wraps its lines anew, wide characters take two cells. Frames between
/// "begin" and "end of update" are shown whole. Orders it does not know are counted.
package struct TerminalScreen: Sendable {
    private struct Row {
        var cells: [Character?] = []
        /// Whether the row before goes on here.
        var continues = false
    }

    private var columns: Int
    private var rows = [Row()]
    private var row = 0
    private var column = 0
    private var pending: [UInt8] = []
    private var isUpdating = false
    private var shown: [String] = []

    /// Whether any colour was asked for.
    package private(set) var usedColours = false
    /// Orders that it does not know.
    package private(set) var unknownOrders: [String] = []

    /// An empty screen of so many columns; it never scrolls.
    package init(columns: Int) { self.columns = columns }

    /// The lines that are shown, without blanks at their ends.
    package var lines: [String] { isUpdating ? shown : text }

    private var text: [String] {
        var lines = rows.map { row in
            String(row.cells.compactMap(\.self)).replacing(#/ +$/#, with: "")
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Takes what a program wrote.
    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        // A character or an order may come in two pieces.
        guard let text = String(validating: pending, as: UTF8.self) else { return }
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if scalar == "\u{1B}" {
                guard let end = Self.end(ofOrder: rest) else { break }
                obey(String(rest[rest.startIndex..<end].dropFirst()))
                rest = rest[end...]
            } else {
                rest.removeFirst()
                put(scalar)
            }
        }
        pending = Array(String(rest).utf8)
    }

    /// Makes it so many columns wide; lines are wrapped anew.
    package mutating func resize(columns: Int) {
        var lines: [[Character?]] = []
        var place = (line: 0, offset: 0)
        for (index, row) in rows.enumerated() {
            if row.continues {
                lines[lines.count - 1] += row.cells
            } else {
                lines.append(row.cells)
            }
            if index == self.row {
                place = (lines.count - 1, lines[lines.count - 1].count - row.cells.count + column)
            }
        }
        self.columns = columns
        rows = []
        for (index, line) in lines.enumerated() {
            let first = rows.count
            rows.append(Row())
            for cell in line {
                if rows[rows.count - 1].cells.count == columns { rows.append(Row(continues: true)) }
                rows[rows.count - 1].cells.append(cell)
            }
            if index == place.line {
                row = min(first + place.offset / columns, rows.count - 1)
                column = place.offset % columns
            }
        }
    }

    private static func end(
        ofOrder text: Substring.UnicodeScalarView
    ) -> Substring.UnicodeScalarView.Index? {
        var index = text.index(after: text.startIndex)
        guard index < text.endIndex, text[index] == "[" else { return nil }
        index = text.index(after: index)
        while index < text.endIndex {
            let scalar = text[index]
            index = text.index(after: index)
            if (0x40...0x7E).contains(scalar.value) { return index }
        }
        return nil
    }

    private mutating func obey(_ order: String) {
        let number = Int(order.dropFirst().dropLast()) ?? 0
        switch (order, order.last) {
        case ("[?2026h", _): (shown, isUpdating) = (text, true)
        case ("[?2026l", _): isUpdating = false
        case (_, "A"): row = max(0, row - max(1, number))
        case ("[K", _): rows[row].cells.removeLast(max(0, rows[row].cells.count - column))
        case ("[J", _):
            rows[row].cells.removeLast(max(0, rows[row].cells.count - column))
            rows.removeLast(rows.count - row - 1)
        case (_, "m"): usedColours = true
        default: unknownOrders.append(order)
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": column = 0
        case "\n": advance(continues: false)
        default:
            let isWide =
                scalar.value >= 0x1100 && scalar.properties.isIdeographic
                || (0x1F300...0x1FAFF).contains(scalar.value)
            let width = isWide ? 2 : 1
            if column + width > columns {
                advance(continues: true)
                column = 0
            }
            while rows[row].cells.count < column + width { rows[row].cells.append(" ") }
            rows[row].cells[column] = Character(scalar)
            if isWide { rows[row].cells[column + 1] = nil }
            column += width
        }
    }

    private mutating func advance(continues: Bool) {
        row += 1
        if row == rows.count { rows.append(Row(continues: continues)) }
    }
}
