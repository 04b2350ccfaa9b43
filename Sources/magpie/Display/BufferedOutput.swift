import Foundation

/// Standard output for many short lines: written in large pieces.
struct BufferedOutput: ~Copyable {
    private var text = ""
    private static let size = 1 << 16

    /// Takes text; writes what has gathered when there is enough of it.
    ///
    /// - Throws: `ClosedPipe` if nobody reads any more.
    mutating func write(_ more: String) throws {
        text += more
        if text.utf8.count >= Self.size { try flush() }
    }

    /// Writes what has gathered.
    ///
    /// - Throws: `ClosedPipe` if nobody reads any more.
    mutating func flush() throws {
        try Console.write(text, to: STDOUT_FILENO)
        text = ""
    }
}
