import Foundation
import SampleSite
import TestSupport
import Testing

/// Questions about what became of pictures.
@Suite(.timeLimit(.minutes(2)))
struct HistoryCommandTests {
    private let fixture = CommandFixture()

    /// The paths that a history with these options has.
    private func paths(_ options: String...) async throws -> [String] {
        let result = try await fixture.start(
            ["history", "pictures", "--format", "csv", "--columns", "path"] + options
        ).result()
        #expect(result.code == 0, "\(result.errors)")
        return result.output.split(separator: "\n").dropFirst().map(String.init)
    }

    @Test func `a history without rows says so beside the table`() async throws {
        try await fixture.withCrawl { _ in
            let words = ["history", "pictures", "--path", "no such/*"]
            let table = try await fixture.start(words).result()
            #expect(table.code == 0)
            #expect(table.errors == "nothing to show\n")
            for format in ["csv", "jsonl"] {
                let other = try await fixture.start(words + ["--format", format]).result()
                #expect(other.errors == "")
            }
        }
    }

    @Test func `history shows what became of pictures in every format`() async throws {
        try await fixture.withCrawl { site in
            let failed = try await fixture.magpie("history", "pictures", "--state", "failed")
            let lines = failed.output.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(lines[0].hasPrefix("ended_at"))
            #expect(lines.count { $0.contains("http_4xx") } == 2)
            let skipped = try await fixture.magpie(
                "history",
                "pictures",
                "--class",
                "path_taken",
                "--json"
            )
            let entry = try JSONSerialization.jsonObject(with: Data(skipped.output.utf8))
            let fields = try #require(entry as? [String: Any])
            #expect(fields["state"] as? String == "skipped")
            #expect(fields["bytes"] is NSNull)
            #expect(fields["url"] as? String == site.address(of: site.gallery.items[9]))
            let owner = site.address(of: site.gallery.items[5])
            #expect((fields["message"] as? String)?.contains(owner) == true)

            let csv = try await fixture.magpie("history", "pictures", "--format", "csv")
            let rows = csv.output.split(separator: "\n")
            #expect(rows.count == 21)
            #expect(rows[0].hasPrefix("ended_at,state,path,url"))
        }
    }

    @Test func `each filter of history chooses what it says`() async throws {
        try await fixture.withCrawl { site in
            let all = try await paths()
            #expect(all.count == 20)
            #expect(try await paths("--state", "done", "--state", "skipped").count == 18)
            #expect(try await paths("--class", "http_4xx").count == 2)
            let twin = "twin" + site.gallery.items[5].path.drop { $0 != "." }
            #expect(try await paths("--path", "twin*") == [twin, twin])
            #expect(try await paths("--path", "*'; drop table image; --") == [])
            #expect(try await paths("--host", "127.0.0.1").count == 20)
            #expect(try await paths("--host", "127.0.0.1:\(site.port)").count == 20)
            #expect(try await paths("--host", "127.0.0").count == 0)
            #expect(try await paths("--run", "1").count == 20)
            #expect(try await paths("--run", "last").count == 20)
            #expect(try await paths("--run", "2").count == 0)
            #expect(try await paths("--since", "1h").count == 20)
            #expect(try await paths("--until", "1h").count == 0)
            #expect(try await paths("--since", "2020-01-01", "--until", "2020-01-02 10:00") == [])
            #expect(try await paths("--limit", "3") == Array(all.suffix(3)))
        }
        for wrong in [["--since", "noon"], ["--columns", "path,nonsense"], ["--run", "first"]] {
            let result = try await fixture.start(["history", "pictures"] + wrong).result()
            #expect(result.code == 64, "\(wrong)")
        }
    }

    @Test func `the query that history shows gives the same in the shell`() async throws {
        try await fixture.withCrawl { _ in
            let options = [
                "--columns", "id,state,path,message", "--path", "*1*", "--limit", "4",
            ]
            let query = try await fixture.start(["history", "pictures", "--sql"] + options).result()
            let shell = try await fixture.magpie("sql", "pictures", "--csv", query.output)
            let history = try await fixture.start(
                ["history", "pictures", "--format", "csv"] + options
            ).result()
            #expect(shell.code == 0, "\(shell.errors)")
            // The shell quotes more than it must.
            let plain = shell.output.replacing("\r\n", with: "\n").replacing("\"", with: "")
            #expect(plain == history.output)
            #expect(history.output.split(separator: "\n").count == 5)
        }
    }

    @Test func `the shell reads and never writes`() async throws {
        try await fixture.withCrawl { _ in
            let count = try await fixture.magpie(
                "sql",
                "pictures",
                "select count(*) from downloads"
            )
            #expect(count.output == "17\n")
            let write = try await fixture.magpie("sql", "pictures", "delete from attempt")
            #expect(write.code != 0)
            #expect(write.errors.contains("readonly"))
            #expect(try await fixture.sql("select count(*) from attempt") == ["2"])

            let none = try await fixture.start(
                ["sql", "pictures"],
                environment: ["PATH": "/nowhere"]
            ).result()
            #expect(none.code == 64)
            #expect(none.errors.contains("install it"))
        }
        #expect(try await fixture.magpie("sql", "nothing").code == 10)
        #expect(fixture.folder.files().contains { $0.hasPrefix("nothing") } == false)
    }

    @Test func `captions that a spreadsheet or a parser could take for more stay text`()
        async throws
    {
        let captions = ["=1+1", "say \"no\", please", "a\\b", "愛 — ü"]
        let gallery = Gallery(pages: 1, itemsPerPage: 4) { captions[$0] }
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
        }
        let csv = try await fixture.magpie(
            "history",
            "pictures",
            "--format",
            "csv",
            "--columns",
            "caption"
        )
        let cells = csv.output.split(separator: "\n").map(String.init)
        #expect(cells.contains("'=1+1"))
        #expect(cells.contains("\"say \"\"no\"\", please\""))
        let lines = try await fixture.magpie(
            "history",
            "pictures",
            "--json",
            "--columns",
            "caption"
        ).output.split(separator: "\n")
        let read = try lines.map { line in
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return (entry as? [String: String])?["caption"]
        }
        #expect(read.compactMap(\.self).sorted() == captions.sorted())
    }

    @Test func `fields that a recipe finds are JSON in JSON lines`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let fields = "  fields: { file: 'img::attr(data-original)' }"
            try fixture.writeRecipe(of: site, fields)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
            let line = try await fixture.magpie(
                "history",
                "pictures",
                "--json",
                "--columns",
                "path,fields",
                "--limit",
                "1"
            )
            let entry = try JSONSerialization.jsonObject(with: Data(line.output.utf8))
            let object = (entry as? [String: Any])?["fields"] as? [String: String]
            #expect(object?["file"]?.contains("/pic/") == true)
        }
    }
}
