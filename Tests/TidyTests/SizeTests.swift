import Testing

/// Sizes that keep the code readable (docs/ARCHITECTURE.md).
struct SizeTests {
    @Test func `no source file is longer than 400 lines, no test file than 600`() {
        for (folder, limit) in [("Sources", 400), ("Tests", 600)] {
            for file in Tree.files(".swift", ".c", ".h", below: folder) {
                #expect(file.lines.count <= limit, "\(file) has \(file.lines.count) lines")
            }
        }
    }

    @Test func `no function is longer than 70 lines`() {
        for file in Tree.files(".swift", below: "Sources") {
            for (name, length) in Self.functions(in: file) {
                #expect(length <= 70, "\(file): '\(name)' has \(length) lines")
            }
        }
    }

    /// The functions of a formatted file: each ends with the next brace at its own indent.
    private static func functions(in file: Tree.File) -> [(name: Substring, lines: Int)] {
        let lines = file.lines
        return lines.indices.compactMap { start in
            let line = lines[start]
            guard line.contains("func ") || line.contains(" init(") || line.hasSuffix(" init() {"),
                !line.drop(while: { $0 == " " }).hasPrefix("//")
            else { return nil }
            let end = String(line.prefix { $0 == " " }) + "}"
            guard let last = lines[start...].firstIndex(where: { $0 == end }) else { return nil }
            return (line.drop { $0 == " " }, last - start + 1)
        }
    }
}
