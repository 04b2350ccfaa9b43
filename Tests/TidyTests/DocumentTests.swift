import Foundation
import Testing

/// What the documents refer to must be there.
struct DocumentTests {
    private static let documents =
        ["README.md", "README.zh-CN.md", "CHANGELOG.md"].compactMap(Tree.file)
        + Tree.files(".md", below: "docs")

    @Test func `every test that the design names exists`() {
        let tests = Tree.files(".swift", below: "Tests").map(\.text).joined()
        let design = Tree.file("docs/DESIGN.md")?.lines ?? []
        let named = design.filter { $0.hasPrefix("   - `") }.map { $0.dropFirst(6).dropLast() }
        #expect(named.count >= 18)
        for name in named { #expect(tests.contains("func `\(name)`"), "\(name)") }
    }

    @Test func `the Chinese README shows the same commands, recipe and documents`() {
        /// What stands in code, without remarks.
        func code(_ file: String) -> [Substring] {
            let parts = (Tree.file(file)?.text ?? "").components(separatedBy: "```")
            return parts.enumerated().filter { $0.offset % 2 == 1 }.flatMap {
                $0.element.split(separator: "\n").map {
                    $0.split(separator: " # ").first.map { $0.replacing(#/\s+$/#, with: "") } ?? ""
                }
            }.map { $0[...] }.filter { !$0.hasPrefix("make") && $0 != "" }
        }
        func links(_ file: String) -> Set<String> {
            let text = Tree.file(file)?.text ?? ""
            return Set(text.matches(of: #/\]\((docs[^)]*)\)/#).map { String($0.1) })
        }
        #expect(code("README.md").count > 30)
        for line in code("README.zh-CN.md") { #expect(code("README.md").contains(line), "\(line)") }
        for line in code("README.md") where line.hasPrefix("magpie ") {
            #expect(code("README.zh-CN.md").contains(line), "\(line)")
        }
        #expect(links("README.zh-CN.md") == links("README.md"))
    }

    @Test func `every link in the documents leads to a file`() throws {
        for document in Self.documents {
            let folder = document.path.contains("/") ? document.path.prefix { $0 != "/" } + "/" : ""
            for link in document.text.matches(of: /\]\(([^)#]+)[^)]*\)/).map(\.1)
            where !link.hasPrefix("http") {
                let path = "\(Tree.root)/\(folder)\(link)"
                #expect(FileManager.default.fileExists(atPath: path), "\(document): \(link)")
            }
        }
    }
}
