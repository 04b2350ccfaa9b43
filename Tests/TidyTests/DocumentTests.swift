import Foundation
import Testing

/// What the documents refer to must be there.
struct DocumentTests {
    private static let documents =
        ["README.md", "CHANGELOG.md"].compactMap(Tree.file) + Tree.files(".md", below: "docs")

    @Test func `every test that the design names exists`() {
        let tests = Tree.files(".swift", below: "Tests").map(\.text).joined()
        let design = Tree.file("docs/DESIGN.md")?.lines ?? []
        let named = design.filter { $0.hasPrefix("   - `") }.map { $0.dropFirst(6).dropLast() }
        #expect(named.count >= 18)
        for name in named { #expect(tests.contains("func `\(name)`"), "\(name)") }
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
