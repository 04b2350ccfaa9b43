import Foundation
import SampleSite
import TestSupport
import Testing

/// Lists of pictures that become tasks.
@Suite(.timeLimit(.minutes(2)))
struct ImportTests {
    private let fixture = CommandFixture()

    private func sql(_ folder: String, _ query: String) async throws -> [String] {
        let database = fixture.folder.path("\(folder)/magpie.db")
        let shell = try RunningProgram("sqlite3", ["-readonly", database, query])
        return await shell.result().output.split(separator: "\n").map(String.init)
    }

    @Test
    func `a crawl's own list takes its files over into a new folder, and nothing is asked for`()
        async throws
    {
        // Captions that a spreadsheet would calculate, and such as tear a row apart.
        let captions = ["=1+1", "a, \"b\"", "'quoted'", "-"]
        let gallery = Gallery(pages: 2) { $0 < 4 ? captions[$0] : Gallery.caption($0) }
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
            let export = try await fixture.magpie("export", "pictures")
            try fixture.write(export.output, to: "old.csv")
            let files = fixture.pictureFiles
            #expect(files.count == 40)
            try FileManager.default.createDirectory(
                atPath: fixture.folder.path("new"),
                withIntermediateDirectories: true
            )
            for file in files.dropFirst() {
                try FileManager.default.copyItem(
                    atPath: fixture.folder.path("pictures/\(file)"),
                    toPath: fixture.folder.path("new/\(file)")
                )
            }
            try fixture.write("not it", to: "new/\(files[1])")
            let asked = site.ledger.requests.count

            let imported = try await fixture.magpie(
                "import",
                "old.csv",
                "--into",
                "new",
                "--recipe",
                "site.yaml"
            )
            #expect(imported.code == 0, "\(imported.errors)")
            #expect(imported.output.contains("list    2 to fetch, 38 done, 0 known\n"))
            #expect(imported.output.contains("1 file with other bytes than the list says"))
            #expect(imported.output.contains("next:   magpie resume new"))
            #expect(site.ledger.requests.count == asked)
            #expect(try await fixture.magpie("verify", "new").code == 0)

            try FileManager.default.removeItem(atPath: fixture.folder.path("new/\(files[1])"))
            #expect(try await fixture.magpie("resume", "new").code == 0)
            let once = gallery.items.count { site.ledger.count($0.path) == 1 }
            #expect(once == 38)
            let rows = "select path, caption, url, sha256, bytes from downloads order by path"
            #expect(try await sql("new", rows) == sql("pictures", rows))
            #expect(try await fixture.magpie("verify", "new").code == 0)

            let again = try await fixture.magpie("import", "old.csv", "--into", "new")
            #expect(again.output == "list    0 to fetch, 0 done, 40 known\n")
        }
    }

    @Test func `a list of addresses becomes tasks in a folder without a recipe`() async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            let items = site.gallery.items
            try fixture.write(
                "# pictures\r\n\r\n\(site.address(of: items[0]))\r\n"
                    + "\(site.address(of: items[4]))  two cats \n\(site.address(of: items[8]))\ttwo cats",
                to: "list.txt"
            )
            let plan = try await fixture.magpie(
                "import",
                "list.txt",
                "--into",
                "pictures",
                "--dry-run"
            )
            #expect(plan.output == "3 pictures on the list\n")
            #expect(!FileManager.default.fileExists(atPath: fixture.pictures))
            let imported = try await fixture.magpie(
                "import",
                "list.txt",
                "--into",
                "pictures",
                "--json"
            )
            #expect(
                imported.output
                    == "{\"changed\":0,\"done\":0,\"known\":0,\"left_out\":0,\"path_taken\":0,\"queued\":3}\n"
            )
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            let ending = items[0].path.drop { $0 != "." }
            let name = items[0].path.dropFirst(5)
            #expect(
                Set(fixture.pictureFiles)
                    == ["\(name)", "two cats\(ending)", "two cats (2)\(ending)"]
            )
            #expect(
                try await fixture.sql("select distinct page_url from downloads") == [
                    "import:list.txt"
                ]
            )
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            #expect(try await fixture.magpie("retry", "pictures", "pages").code == 0)
        }
    }

    @Test func `a list may have pictures that stand in their page`() async throws {
        let digits = String(repeating: "0a", count: 32)
        try fixture.write(
            "url,caption\n\"data:image/png;sha256=\(digits),\",a cat\n",
            to: "list.csv"
        )
        let words = ["import", "list.csv", "--into", "pictures"]
        let imported = try await fixture.start(words).result()
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(imported.output.contains("list    1 to fetch, 0 done, 0 known\n"))
        for other in ["data:image/png;base64,aaaa", "data:;sha256=\(digits)"] {
            try fixture.write("url\n\"\(other)\"\n", to: "list.csv")
            #expect(try await fixture.start(words).result().code == 64)
        }
    }

    @Test func `what failed in another crawl is queued, what was skipped is left out`() async throws
    {
        try await fixture.withCrawl { site in
            let columns = "state,url,path,caption,sha256,page_url"
            let history = try await fixture.magpie(
                "history",
                "pictures",
                "--format",
                "csv",
                "--columns",
                columns
            )
            try fixture.write(history.output, to: "history.csv")
            let imported = try await fixture.magpie(
                "import",
                "history.csv",
                "--into",
                "new",
                "--recipe",
                "site.yaml"
            )
            #expect(imported.output.contains("list    19 to fetch, 0 done, 0 known, 1 left out\n"))
            #expect(try await sql("new", "select count(*) from image where state = 0") == ["19"])
        }
    }

    @Test(
        arguments: [
            ("url,path\nhttp://a.test/1.jpg,a.jpg\nnothing,b.jpg\n", 3, "nothing"),
            ("url,path\nhttp://a.test/1.jpg,../a.jpg\n", 2, "no path inside"),
            ("url,path\nhttp://a.test/1.jpg,.magpie/lock\n", 2, "no path inside"),
            ("url,path\n\nhttp://a.test/1.jpg,a.jpg,b\n", 3, "3 cells"),
            ("url,sha256\nhttp://a.test/1.jpg,12\n", 2, "64 hexadecimal digits"),
            ("url,state\nhttp://a.test/1.jpg,perhaps\n", 2, "done, failed or skipped"),
            ("url,fields\nhttp://a.test/1.jpg,[]\n", 2, "no JSON object"),
            ("url,caption\nhttp://a.test/1.jpg,\"two\nlines\"\nfile:///etc/passwd,x\n", 4, "http"),
            ("url,caption\nhttp://a.test/1.jpg,\"open\n\n", 2, "never closed"),
            ("path,sha256\n", 1, "no column is named 'url'"),
            ("", 1, "no column is named 'url'"),
        ]
    )
    func `a wrong line is told by its number, and nothing is imported`(
        _ list: String,
        _ line: Int,
        _ message: String
    ) async throws {
        try fixture.write(list, to: "bad.csv")
        let imported = try await fixture.magpie("import", "bad.csv", "--into", "pictures")
        #expect(imported.code == 64)
        #expect(imported.errors.contains("bad.csv:\(line): "), "\(imported.errors)")
        #expect(imported.errors.contains(message), "\(imported.errors)")
        #expect(!FileManager.default.fileExists(atPath: fixture.pictures))
    }

    @Test func `an import that dies is run again`() async throws {
        let lines = (1...12_000).map { "http://127.0.0.1:1/\($0).jpg\n" }
        try fixture.write(lines.joined(), to: "list.txt")
        let command = ["import", "list.txt", "--into", "pictures"]
        // The first transactions, with the folder's lock and the recipe, come before it.
        let dies = try fixture.start(command, environment: ["MAGPIE_CRASH_AT": "importing"])
        #expect(await dies.result().signal == SIGKILL)
        #expect(try await fixture.sql("select count(*) from image") == ["0"])
        let imported = try await fixture.start(command).result()
        #expect(imported.output.contains("list    12000 to fetch, 0 done, 0 known\n"))
        #expect(
            try await fixture.sql(
                "select count(*), sum(items) from image, pages where image.id = 1"
            ) == ["1|12000"]
        )
        #expect(try await fixture.magpie("verify", "pictures").code == 0)
    }
}
