/// Writes an archive that every tar reads (POSIX.1-1988 ustar, names of at most 100 bytes).
struct TarWriter: ~Copyable {
    private var output = BufferedOutput()
    private static let block = 512

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - name: Its name in the archive, ASCII.
    ///   - content: Its bytes.
    ///   - seconds: When it was changed, in seconds since 1970.
    /// - Throws: What `Console.write` throws.
    /// - Precondition: The name has at most 100 bytes, the content less than 8 GB.
    mutating func add(_ name: String, _ content: [UInt8], seconds: Int) throws {
        try output.write(Self.header(name, content.count, seconds))
        try output.write(content)
        let rest = content.count % Self.block
        if rest > 0 { try output.write([UInt8](repeating: 0, count: Self.block - rest)) }
    }

    /// Ends the archive.
    ///
    /// - Throws: What `Console.write` throws.
    mutating func end() throws {
        try output.write([UInt8](repeating: 0, count: 2 * Self.block))
        try output.flush()
    }

    private static func header(_ name: String, _ size: Int, _ seconds: Int) -> [UInt8] {
        precondition(name.utf8.count <= 100 && size < 1 << 33)
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        func octal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(max(0, seconds), digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        // The sum is taken with blanks in its own place.
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\u{0}", at: 148)
        return header
    }
}
