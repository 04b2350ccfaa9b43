import Foundation
import Synchronization

/// Lines at the end of a terminal's output that renew themselves.
///
/// A frame is one write that draws over the one before, line by line, so nothing flickers. The cursor
/// rests below the block, so that whatever ends the process leaves the terminal in order.
final class LiveBlock: Sendable {
    /// The one on standard output.
    static let standard = LiveBlock()

    /// The widths of the lines that are on the screen now.
    private let drawn = Mutex<[Int]>([])

    /// Draws lines in place of the ones before.
    ///
    /// - Throws: What `Console.write` throws.
    func draw(_ lines: [LiveLine]) throws {
        let (columns, rows) = Console.size
        let hasColours = Console.hasColours
        // The last column stays free: a full line would wrap on some terminals.
        let shown = lines.prefix(max(1, rows - 1)).map { $0.cut(to: columns - 1) }
        try drawn.withLock { drawn in
            // Terminals that know of it show a frame only when it is whole.
            var frame = "\u{1B}[?2026h" + Self.up(drawn, columns)
            for line in shown { frame += "\r\(line.text(hasColours: hasColours))\u{1B}[K\n" }
            frame += "\u{1B}[J\u{1B}[?2026l"
            try Console.write(frame, to: STDOUT_FILENO)
            drawn = shown.map(\.width)
        }
    }

    /// Takes the lines away; what is written next stands in their place.
    ///
    /// - Throws: What `Console.write` throws.
    func erase() throws {
        try drawn.withLock { drawn in
            guard !drawn.isEmpty else { return }
            let up = Self.up(drawn, Console.size.columns)
            drawn = []
            try Console.write(up + "\r\u{1B}[J", to: STDOUT_FILENO)
        }
    }

    /// Moves the cursor to the first line, also after the terminal became so narrow that it wrapped some.
    private static func up(_ drawn: [Int], _ columns: Int) -> String {
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return rows > 0 ? "\u{1B}[\(rows)A" : ""
    }
}

/// A line of pieces in different styles.
struct LiveLine {
    enum Style: String {
        case plain = ""
        case good = "32"
        case bad = "31"
        case wait = "33"
        case faint = "2"
    }

    private var pieces: [(text: String, style: Style)] = []

    /// A line of one piece; what a server sent must be `Plain` already.
    init(_ text: String = "", _ style: Style = .plain) { add(text, style) }

    mutating func add(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { pieces.append((text, style)) }
    }

    /// How many columns it takes.
    var width: Int { pieces.reduce(0) { $0 + Columns.width(of: $1.text) } }

    /// As much of it as fits into so many columns.
    func cut(to columns: Int) -> LiveLine {
        var room = columns
        var line = LiveLine()
        for piece in pieces {
            let text = Columns.cut(piece.text, to: room)
            line.add(text, piece.style)
            if text.count < piece.text.count { break }
            room -= Columns.width(of: text)
        }
        return line
    }

    /// The line as a terminal takes it.
    func text(hasColours: Bool) -> String {
        pieces.map { piece in
            hasColours && piece.style != .plain
                ? "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m" : piece.text
        }.joined()
    }
}
