import Foundation
import SampleSite
import TestSupport
import Testing

/// Every example in the documents is run, or stands in a table of those that can't be.
///
/// A block of `sh` has a command on each line, one of `console` has them behind `$ ` and shows what they
/// write. README.zh-CN.md has the commands of README.md, which another test sees to.
@Suite(.timeLimit(.minutes(5)))
struct ExampleTests {
    private struct Block: CustomStringConvertible {
        let document: String
        let language: String
        let text: String

        var description: String { "\(document): \(text)" }

        /// Its commands, as a shell takes them.
        var commands: [String] {
            let lines = text.split(separator: "\n").map(String.init)
            switch language {
            case "sh": return lines
            case "console":
                return lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
            default: return []
            }
        }
    }

    /// Beginnings of commands that are not run here, and why.
    private static let notRun: [(command: String, reason: String)] = [
        ("make demo", "builds; FolderCommandTests run `magpie demo`"),
        ("make test", "runs these tests"),
        ("swift test", "runs these tests"),
        ("SEED=42 swift test", "runs these tests"),
        ("perf record", "a profiler of the release build"),
        ("perf report", "a profiler of the release build"),
        ("strace -c", "a profiler of the release build"),
        ("python3.11 Benchmarks/pools/compare.py", "a benchmark"),
    ]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func documents() throws -> [String] {
        let docs = try FileManager.default.subpathsOfDirectory(
            atPath: root.appending(path: "docs").path
        )
        return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }

    private static func blocks() throws -> [Block] {
        try documents().flatMap { document in
            let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
            let parts = text.components(separatedBy: "```")
            return parts.enumerated().filter { $0.offset % 2 == 1 }.map { _, part in
                let end = part.firstIndex(of: "\n") ?? part.endIndex
                return Block(
                    document: document,
                    language: String(part[..<end]),
                    text: String(part[end...].dropFirst())
                )
            }
        }
    }

    private static func isRun(_ command: String) -> Bool {
        !notRun.contains { command.hasPrefix($0.command) }
    }

    @Test func `every command in the documents works on a site of its kind`() async throws {
        let blocks = try Self.blocks().filter { $0.commands.contains(where: Self.isRun) }
        #expect(blocks.count >= 4)
        #expect(blocks.flatMap(\.commands).count > 25)
        for block in blocks {
            try await SampleSite.serve(Gallery(pages: 5)) { site in
                try await run(block, on: site)
            }
        }
    }

    /// Runs a block in a folder that has what is made by the commands before it: the recipe unless the
    /// block makes it, and pictures unless it crawls.
    private func run(_ block: Block, on site: SampleSite) async throws {
        let fixture = CommandFixture()
        let makesRecipe = block.commands.contains { $0.hasPrefix("magpie init kittens") }
        func writeRecipe(_ name: String = "kittens") throws {
            try fixture.writeRecipe(of: site)
            let file = fixture.folder.path("\(name).yaml")
            try? FileManager.default.removeItem(atPath: file)
            try FileManager.default.moveItem(atPath: fixture.folder.path("site.yaml"), toPath: file)
        }
        try writeRecipe("new")
        if !makesRecipe { try writeRecipe() }
        let picture = try #require(site.gallery.items.last)
        try fixture.write("\(site.address(of: picture.path))\n", to: "addresses.txt")
        try fixture.write(".127.0.0.1\tTRUE\t/\tFALSE\t0\tname\tvalue\n", to: "cookies.txt")
        if !block.commands.contains(where: { $0.hasPrefix("magpie crawl") }) {
            let crawl = try await fixture.magpie("crawl", "kittens.yaml", "--into", "pictures")
            #expect(crawl.code == 0)
        }
        let page = site.address(of: site.gallery.path(ofPage: 1))
        let programs = URL(filePath: BuiltBinary.path(of: "magpie")).deletingLastPathComponent()
            .path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for command in block.commands where Self.isRun(command) {
            let shell = try RunningProgram(
                "sh",
                ["-c", command.replacing("https://example.org/gallery", with: page)],
                environment: ["PATH": "\(programs):\(path)"],
                in: fixture.folder.path
            )
            let result = await shell.result()
            #expect(
                result.code == 0,
                "\(block.document): \(command)\n\(result.errors)\(result.output)"
            )
            // What it writes is a beginning, to be corrected.
            if command.hasPrefix("magpie init kittens"), !command.contains("--from") {
                try writeRecipe()
            }
        }
    }

    @Test func `what is not run is in the documents, and no command hides in another block`() throws
    {
        let blocks = try Self.blocks()
        let commands = blocks.flatMap(\.commands)
        for (command, reason) in Self.notRun {
            #expect(commands.contains { $0.hasPrefix(command) }, "\(command): \(reason)")
        }
        let programs = ["magpie", "make", "swift", "sqlite3", "sudo", "python3"]
        for block in blocks where !["sh", "console"].contains(block.language) {
            for line in block.text.split(separator: "\n") {
                let words = line.split(separator: " ")
                let isCommand =
                    words.count > 1 && programs.contains(String(words[0]))
                    && words[1].allSatisfy { $0.isLowercase || $0 == "-" }
                #expect(!isCommand, "\(block.document): put '\(line)' into a block of sh")
            }
        }
    }

    @Test func `every command that a sentence names exists`() async throws {
        let help = try await CommandFixture().magpie("--help")
        for document in try Self.documents() {
            let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
            for match in text.matches(of: #/`magpie ([a-z]+)[^`\n]*`/#) {
                #expect(help.output.contains("\n  \(match.1) "), "\(document): \(match.0)")
            }
        }
    }

    @Test func `every piece of YAML is a recipe or a part of one`() async throws {
        let fixture = CommandFixture()
        let blocks = try Self.blocks().filter { $0.language == "yaml" }
        #expect(blocks.count >= 6)
        for block in blocks {
            var recipe = block.text
            if !recipe.contains(#/(?m)^pages:/#) { recipe += "\npages: 'http://127.0.0.1/'\n" }
            if !recipe.contains(#/(?m)^item:/#) {
                let isJSON = recipe.contains("json")
                recipe += isJSON ? "\nitem: { json: '$[*]', image: '@.url' }\n" : ""
                recipe += isJSON ? "" : "\nitem: { each: img, image: '::attr(src)' }\n"
            }
            try fixture.write(recipe, to: "part.yaml")
            try fixture.write(recipe.contains("json") ? "{}" : "<p>nothing", to: "page.html")
            let check = try await fixture.magpie("check", "part.yaml", "page.html")
            #expect(check.code == 3, "\(block)\n\(check.errors)")
        }
    }
}
