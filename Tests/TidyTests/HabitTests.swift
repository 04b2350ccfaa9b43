import Testing

/// Habits that a compiler does not keep.
struct HabitTests {
    /// What must not stand in sources, where it may all the same, and what to write instead.
    private static let banned: [(text: String, except: Set<String>, instead: String)] = [
        ("TODO", [], "an issue"),
        ("FIXME", [], "an issue"),
        (
            "print(",
            [
                "extraction-bench", "magpie-fuzz", "pools-bench", "pools-examples", "store-bench",
            ],
            "Console.say"
        ),
        ("Date()", ["magpie"], "the clock that is passed in"),
        (" Task {", [], "a task group"),
        ("Task.detached", [], "a task group"),
        ("DispatchSemaphore", [], "async, or Pools"),
        ("usleep(", ["pools-examples"], "the sleep that is passed in"),
        ("fatalError(\"not", [], "an implementation"),
    ]

    @Test func `nothing banned stands in the sources`() {
        for file in Tree.files(".swift", below: "Sources") {
            for rule in Self.banned where !rule.except.contains(file.module) {
                for (number, line) in file.lines.enumerated() where Self.isCode(line) {
                    #expect(
                        !line.contains(rule.text),
                        "\(file):\(number + 1): '\(rule.text)': use \(rule.instead)"
                    )
                }
            }
        }
    }

    private static func isCode(_ line: Substring) -> Bool {
        !line.drop { $0 == " " }.hasPrefix("//")
    }

    @Test func `every package and public declaration has a doc comment`() {
        for file in Tree.files(".swift", below: "Sources") {
            let lines = file.lines
            for (index, line) in lines.enumerated() where Self.isDeclaration(line) {
                var above = index - 1
                while above >= 0, lines[above].contains("@") || lines[above].hasSuffix("(") {
                    above -= 1
                }
                let comment = above >= 0 ? lines[above].drop { $0 == " " } : ""
                #expect(
                    comment.hasPrefix("///"),
                    "\(file):\(index + 1): \(line.drop { $0 == " " })"
                )
            }
        }
    }

    private static func isDeclaration(_ line: Substring) -> Bool {
        let code = line.drop { $0 == " " }
        guard code.hasPrefix("package ") || code.hasPrefix("public ") else { return false }
        return !code.contains(" import ") && !code.contains("(set)")
            && !code.hasPrefix("package extension")
    }

    @Test func `every unchecked Sendable has its proof beside it`() {
        for file in Tree.files(".swift", below: "Sources") {
            let lines = file.lines
            for (index, line) in lines.enumerated()
            where line.contains("@unchecked Sendable") && Self.isCode(line) {
                let around = lines[max(0, index - 12)...min(index + 3, lines.count - 1)]
                #expect(
                    around.contains { $0.contains("//") && $0.contains(/[Uu]nchecked|Proof/) },
                    "\(file):\(index + 1)"
                )
            }
        }
    }

    @Test func `every migration is listed once, in the order of its number`() {
        let files = Tree.files(".sql", below: "migrations").map {
            $0.path.dropFirst(11).dropLast(4)
        }
        let list = Tree.file("Sources/Migrations/Migrations.swift")
        let listed = list?.lines.filter { $0.contains("Migration(\"") } ?? []
        #expect(listed.count == files.count)
        for (line, name) in zip(listed, files) { #expect(line.contains("\"\(name)\"")) }
    }
}
