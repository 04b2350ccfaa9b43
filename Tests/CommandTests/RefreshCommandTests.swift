import Foundation
import SampleSite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct RefreshCommandTests {
    private let fixture = CommandFixture()

    @Test func `a forgotten picture comes back by a refresh, though its page has not changed`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 5)) { site in
            let html = site.gallery.html(ofPage: 1) { site.address(of: $0) }
            var page = SampleSite.Response.html(html)
            page.headers["ETag"] = "\"same\""
            site.route(site.gallery.path(ofPage: 1), to: page)
            try fixture.writeRecipe(of: site)
            let crawl = ["crawl", "site.yaml", "--into", "pictures"]
            #expect(try await fixture.start(crawl).result().code == 0)
            let refresh = crawl + ["--refresh"]
            #expect(try await fixture.start(refresh).result().code == 0)
            #expect(try await fixture.sql("select http_status from pages") == ["304"])

            let forget = ["forget", "pictures", "--limit", "2"]
            #expect(try await fixture.start(forget).result().code == 0)
            #expect(try await fixture.sql("select count(*) from downloads") == ["3"])
            #expect(try await fixture.start(refresh).result().code == 0)
            #expect(try await fixture.sql("select count(*) from downloads") == ["5"])
        }
    }

    @Test func `a refresh that is killed is finished by a resume, and fetches only what is new`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 4, itemsPerPage: 5)) { site in
            let gallery = site.gallery
            func show(_ page: Int, _ items: ArraySlice<Gallery.Item>, as state: String) {
                let texts = items.map { item in
                    """
                    <a class="col-xs-6 col-sm-3"><img data-original="\(site.address(of: item))">\
                    <p style="display: none">\(item.caption)</p></a>
                    """
                }
                var response = SampleSite.Response.html(texts.joined())
                response.headers["ETag"] = "\"\(state)\""
                site.route(gallery.path(ofPage: page), to: response)
            }
            // The third item of each page is new in the end.
            func shown(_ page: Int) -> ArraySlice<Gallery.Item> {
                gallery.items(onPage: page).dropFirst(2)
            }
            for page in 1...4 { show(page, shown(page), as: "old") }
            try fixture.writeRecipe(of: site, "workers: { pages: 1 }")
            let crawl = ["crawl", "site.yaml", "--into", "pictures"]
            #expect(try await fixture.start(crawl).result().code == 0)
            #expect(fixture.pictureFiles.count == 12)

            for page in [2, 4] { show(page, gallery.items(onPage: page), as: "new") }
            site.hold(gallery.path(ofPage: 3))
            let refresh = try fixture.start(crawl + ["--refresh"])
            try await site.requested(gallery.path(ofPage: 3), times: 2)
            // What is in flight at the kill would be asked for again.
            try await eventually("the new pictures of page 2 are saved") {
                try await fixture.sql("select count(*) from downloads") == ["14"]
            }
            refresh.send(SIGKILL)
            _ = await refresh.result()
            site.release(gallery.path(ofPage: 3))
            try await site.idle()
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            let status = try await fixture.magpie("status", "pictures")
            #expect(
                status.output.contains("2 done, 0 skipped, 0 failed, 2 waiting"),
                "\(status.output)"
            )

            let resumed = try await fixture.magpie("resume", "pictures")
            #expect(resumed.code == 0, "\(resumed)")
            let pages = try await fixture.sql(
                "select http_status, new_images from pages order by id"
            )
            #expect(pages == ["304|3", "200|2", "304|3", "200|2"])
            #expect(fixture.pictureFiles.count == 16)
            let fetched = gallery.items.map { site.ledger.count($0.path) }
            #expect(fetched.filter { $0 == 1 }.count == 16)
            #expect(fetched.allSatisfy { $0 <= 1 })
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }

    @Test func `pictures are asked for again by command, and the report says what came of it`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 6)) { site in
            let items = site.gallery.items
            try fixture.writeRecipe(
                of: site,
                "hooks: { on_image: [sh, -c, 'echo $MAGPIE_PATH >> log'] }"
            )
            let crawl = ["crawl", "site.yaml", "--into", "pictures"]
            #expect(try await fixture.start(crawl).result().code == 0)
            let names = fixture.pictureFiles
            let refresh = crawl + ["--refresh-images"]
            let first = try await fixture.start(refresh).result()
            #expect(first.code == 0)
            #expect(first.output.contains("again   6 unchanged, 0 changed"), "\(first.output)")
            #expect(site.ledger.count(site.gallery.path(ofPage: 1)) == 2)

            site.route(items[0].path, to: .picture(Picture(.jpeg, number: 50)))
            site.fault(.status(410), at: items[1].path)
            let second = try await fixture.start(refresh + ["--json"]).result()
            #expect(second.code == 3)
            #expect(second.output.contains(#""changed":1"#), "\(second.output)")
            let status = try await fixture.magpie("status", "pictures")
            let counts = "again   4 unchanged, 1 changed, 1 not to be had, 0 waiting"
            #expect(status.output.contains(counts), "\(status.output)")
            #expect(status.output.contains("\(items[1].path): "), "\(status.output)")
            let former = try await fixture.sql("select path from formers")
            #expect(former == ["\(items[0].caption).jpg"])
            #expect(fixture.pictureFiles == (names + ["\(items[0].caption) (2).jpg"]).sorted())
            let history = try await fixture.magpie("history", "pictures", "--run", "last")
            #expect(history.output.contains("\(items[0].caption) (2).jpg"), "\(history.output)")
            // A run that asks for nothing has nothing to say.
            let third = try await fixture.start(crawl).result()
            #expect(third.code == 0)
            #expect(!third.output.contains("again"), "\(third.output)")
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
            let log = try String(contentsOfFile: fixture.folder.path("log"), encoding: .utf8)
            #expect(log.split(separator: "\n").count == 7)
            #expect(log.hasSuffix("\(items[0].caption) (2).jpg\n"))
        }
    }
}
