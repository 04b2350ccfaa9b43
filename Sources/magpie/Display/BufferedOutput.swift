import Foundation

/// Standard output for much that is short: written in large pieces.
struct BufferedOutput: ~Copyable {
    private var bytes: [UInt8] = []
    private static let size = 1 << 16

    /// Takes text; writes what has gathered when there is enough of it.
    ///
    /// - Throws: What `Console.write` throws.
    mutating func write(_ text: String) throws {
        bytes.append(contentsOf: text.utf8)
        if bytes.count >= Self.size { try flush() }
    }

    /// Takes bytes; writes what has gathered when there is enough of it.
    ///
    /// - Throws: What `Console.write` throws.
    mutating func write(_ more: [UInt8]) throws {
        bytes.append(contentsOf: more)
        if bytes.count >= Self.size { try flush() }
    }

    /// Writes what has gathered.
    ///
    /// - Throws: What `Console.write` throws.
    mutating func flush() throws {
        try Console.write(bytes, to: STDOUT_FILENO)
        bytes.removeAll(keepingCapacity: true)
    }
}
