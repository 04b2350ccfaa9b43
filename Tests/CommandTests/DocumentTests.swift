import Foundation
import SampleSite
import TestSupport
import Testing

/// What the documents show must work.
@Suite(.timeLimit(.minutes(2)))
struct DocumentTests {
    private let fixture = CommandFixture()

    private static let docs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs")

    /// The blocks of a document in this language.
    private static func blocks(of document: String, in language: String) throws -> [String] {
        let text = try String(contentsOf: docs.appendingPathComponent(document), encoding: .utf8)
        return text.components(separatedBy: "```\(language)\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
    }

    @Test func `every query of the cookbook runs on a crawl`() async throws {
        let queries = try Self.blocks(of: "SQL.md", in: "sql")
        #expect(queries.count >= 25)
        let gallery = Gallery(pages: 2) { $0 == 9 || $0 == 5 ? "twin" : Gallery.caption($0) }
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            site.fault(.status(404), at: gallery.items[3].path)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 3)
        }
        for query in queries {
            let shell = try RunningProgram(
                "sqlite3",
                ["-readonly", "-bail", fixture.folder.path("pictures/magpie.db"), query]
            )
            let result = await shell.result()
            #expect(result.code == 0, "\(query): \(result.errors)")
        }
        let taken = try #require(queries.first { $0.contains("path_taken") })
        #expect(try await fixture.sql(taken).count == 1)
    }

    @Test func `every view and column of the database is described`() async throws {
        let text = try String(
            contentsOf: Self.docs.appendingPathComponent("SQL.md"),
            encoding: .utf8
        )
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
        }
        for view in try await fixture.sql("select name from sqlite_schema where type = 'view'") {
            #expect(text.contains("**\(view)**"))
            for column in try await fixture.sql("select name from pragma_table_info('\(view)')") {
                #expect(text.contains("`\(column)`"), "\(view).\(column)")
            }
        }
    }

    @Test func `the exit codes are those of the program`() async throws {
        let text = try String(
            contentsOf: Self.docs.appendingPathComponent("COMMANDS.md"),
            encoding: .utf8
        ).replacing("`", with: "")
        let help = try await fixture.magpie("--help").output
        let codes = help.matches(of: #/(?m)^  (\d+) +(.+)$/#)
        #expect(codes.count == 9)
        for code in codes { #expect(text.contains("| \(code.1) | \(code.2)"), "\(code.0)") }
    }

    @Test func `the help of every command has an example and fits a terminal`() async throws {
        let help = try await fixture.magpie("--help").output
        let commands =
            help.components(separatedBy: "SUBCOMMANDS:").last?
            .matches(of: #/(?m)^  ([a-z]+) /#).map { String($0.1) } ?? []
        #expect(commands.count == 18)
        for command in commands {
            let text = try await fixture.magpie(command, "--help").output
            #expect(text.contains(#/\nExamples?: magpie /#), "\(command)")
            #expect(text.contains("magpie \(command)"), "\(command)")
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("USAGE: ") }
            for line in lines { #expect(line.count <= 80, "\(command): \(line)") }
            let examples = text.matches(of: #/\nExamples?: [^\n]+(\n {10}[^\n]+)*\n\n/#)
            #expect(examples.count == 1, "\(command): an example is broken into two lines")
        }
    }

    @Test func `every recipe in the documents can be used`() async throws {
        let folder = Self.docs.appendingPathComponent("recipes").path
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try fixture.write(file == "json-api.yaml" ? "{}" : "<p>nothing", to: "page.html")
            let check = try await fixture.magpie("check", "\(folder)/\(file)", "page.html")
            #expect(check.code == 3, "\(file): \(check.errors)")
        }
        let example = try #require(try Self.blocks(of: "RECIPES.md", in: "yaml").first)
        try fixture.write(example, to: "example.yaml")
        try fixture.write("<p>nothing", to: "page.html")
        #expect(try await fixture.magpie("check", "example.yaml", "page.html").code == 3)
    }
}
