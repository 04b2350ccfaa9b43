import Foundation
import SampleSite
import TestSupport
import Testing

/// Commands that look at a crawl folder, or mend it.
@Suite(.timeLimit(.minutes(2)))
struct FolderCommandTests {
    private let fixture = CommandFixture()

    @Test func `the report and the status give reasons, examples and the next command`()
        async throws
    {
        try await fixture.withCrawl { site in
            let status = try await fixture.magpie("status", "pictures")
            #expect(status.code == 0)
            #expect(status.output.contains("images  17 done, 1 skipped, 2 failed, 0 waiting"))
            #expect(status.output.contains("skipped  path_taken: 1"))
            let owner = site.address(of: site.gallery.items[5])
            let conflict = "\(site.address(of: site.gallery.items[9])): twin"
            #expect(status.output.contains(conflict))
            #expect(status.output.contains("belongs to \(owner)"))
            #expect(!status.output.contains("placeholder"))
            #expect(status.output.contains("failed   http_4xx: 2 images"))
            #expect(status.output.contains(site.gallery.items[3].path))
            #expect(status.output.contains("next:   magpie retry pictures"))

            let json = try await fixture.magpie("status", "pictures", "--json")
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
            let top = try #require(object as? [String: Any])
            #expect(top["state"] as? String == "finished")
            #expect((top["images"] as? [String: Int])?["failed"] == 2)
        }
    }

    @Test func `retry makes failed pictures ready again and runs them`() async throws {
        try await fixture.withCrawl { site in
            let plan = try await fixture.magpie("retry", "pictures", "--dry-run")
            let paths = [3, 12].map { "  image \(site.address(of: site.gallery.items[$0]))\n" }
            #expect(plan.output == "image http_4xx: 2\nwould be run:\n" + paths.joined())
            let other = try await fixture.magpie("retry", "pictures", "pages", "--dry-run")
            #expect(other.output == "nothing to retry\n")
            let wrongClass = try await fixture.magpie("retry", "pictures", "--class", "timeout")
            #expect(wrongClass.output.contains("ready again: 0 pages, 0 images"))
            #expect(wrongClass.code == 3)

            site.fault(nil, at: site.gallery.items[3].path)
            let asked = site.ledger.requests.count
            let retried = try await fixture.magpie(
                "retry",
                "pictures",
                "images",
                "--class",
                "http_4xx"
            )
            #expect(retried.code == 3)
            #expect(retried.output.contains("ready again: 0 pages, 2 images"))
            #expect(site.ledger.requests.count == asked + 2)
            #expect(retried.output.contains("images  18 done, 1 skipped, 1 failed, 0 waiting"))

            let queued = try await fixture.magpie("retry", "pictures", "--queue-only")
            #expect(queued.code == 0)
            #expect(site.ledger.requests.count == asked + 2)
            #expect(try await fixture.sql("select count(*) from image where state = 0") == ["1"])
        }
    }

    @Test func `what was skipped is had as its retry says`() async throws {
        try await fixture.withCrawl { site in
            let refused = try await fixture.magpie("retry", "pictures", "--class", "path_taken")
            #expect(refused.code == 64)
            for words in ["magpie forget pictures --class path_taken", "--into pictures --refresh"]
            {
                #expect(refused.errors.contains(words), "\(refused.errors)")
            }
            try fixture.writeRecipe(of: site, "on_conflict: rename")
            let forget = ["forget", "pictures", "--class", "path_taken"]
            #expect(try await fixture.start(forget).result().code == 0)
            let again = try await fixture.magpie(
                "crawl",
                "site.yaml",
                "--into",
                "pictures",
                "--refresh"
            )
            #expect(again.code == 3)
            #expect(again.output.contains("images  18 done, 0 skipped, 2 failed, 0 waiting"))
        }
    }

    @Test func `init writes a recipe that can be used, and never over another file`() async throws {
        let first = try await fixture.magpie("init", "kittens")
        #expect(first.code == 0)
        let text = try String(contentsOfFile: fixture.folder.path("kittens.yaml"), encoding: .utf8)
        #expect(text.contains("name: kittens"))
        try fixture.write(
            "<div class=item><img src=/a.jpg><p class=caption>A</p></div>",
            to: "page.html"
        )
        let check = try await fixture.magpie("check", "kittens.yaml", "page.html")
        #expect(check.code == 0)
        #expect(check.output.contains("A.jpg  https://example.org/a.jpg"))
        #expect(try await fixture.magpie("init", "kittens").code == 64)
    }

    @Test func `check shows what a recipe finds, and stores nothing`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            let check = try await fixture.magpie("check", "site.yaml")
            #expect(check.code == 0)
            let rows = check.output.split(separator: "\n")
            #expect(rows.count == 23)
            for item in site.gallery.items(onPage: 1) {
                let row = rows.first { $0.contains(site.address(of: item)) }
                #expect(row?.hasPrefix(item.caption) == true)
            }
            let second = try await fixture.magpie(
                "check",
                "site.yaml",
                site.address(of: site.gallery.path(ofPage: 2)),
                "--json"
            )
            let object = try JSONSerialization.jsonObject(with: Data(second.output.utf8))
            let items = (object as? [String: Any])?["items"] as? [[String: Any]]
            #expect(items?.count == 20)
            #expect(items?.first?["name"] as? String == site.gallery.items[20].caption)
            #expect(fixture.folder.files() == ["site.yaml"])
            #expect(site.ledger.requests.count == 2)

            let nothing = try await fixture.magpie("check", "site.yaml", site.address(of: "/none"))
            #expect(nothing.code == 64)
        }
    }

    @Test func `one picture at many addresses is told of`() async throws {
        let gallery = Gallery(pages: 1)
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            let placeholder = gallery.picture(of: gallery.items[0])
            for item in gallery.items.prefix(9) where item.path.hasSuffix(".jpg") {
                site.route(item.path, to: .picture(placeholder))
            }
            let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(result.output.contains("the same picture came from 3 of the newest addresses"))
            let json = try await fixture.magpie("status", "pictures", "--json")
            #expect(json.output.contains("\"repeated\":{\"addresses\":3,"))
        }
    }

    @Test func `a page without items shows up in the report`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            let page = site.gallery.path(ofPage: 2)
            site.route(page, to: .html("<!DOCTYPE html><p>redesigned"))
            let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
            #expect(result.code == 0)
            #expect(
                result.output.contains("1 page without items, such as \(site.address(of: page))")
            )
        }
    }

    @Test func `every command's help shows an example and the exit codes`() async throws {
        let commands = try await fixture.magpie("--help").output.matches(of: #/\n  ([a-z]+)  /#)
            .map { String($0.1) }.filter { $0 != "version" }
        #expect(commands.count >= 10)
        for command in commands {
            let help = try await fixture.magpie("help", command)
            #expect(help.code == 0)
            #expect(help.output.contains("Example"), "\(command)")
            #expect(help.output.contains("130  interrupted"), "\(command)")
        }
        #expect(try await fixture.magpie("--version").output == "0.1.0\n")
    }

    @Test func `the demo tells its story to the end`() async throws {
        let demo = try RunningProgram(
            BuiltBinary.path(of: "magpie"),
            ["demo"],
            environment: ["TMPDIR": fixture.folder.path],
            in: fixture.folder.path
        )
        let result = await demo.result()
        #expect(result.code == 0)
        #expect(result.output.contains("(killed by signal 9)"))
        #expect(result.output.contains("images  240 done, 0 skipped, 0 failed, 0 waiting"))
        #expect(result.output.contains("1   crawl    crashed"))
    }
}
