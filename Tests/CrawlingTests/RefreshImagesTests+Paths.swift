import Foundation
import SampleSite
import Storage
import TestSupport
import Testing

/// Files that stand where a changed picture would.
extension RefreshImagesTests {
    @Test func `a file that somebody has changed is not replaced`() async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "on_change: replace")
            try await crawl.run(recipe)
            let mine = crawl.folder.path + "/" + path(4)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: mine))
            try FileManager.default.removeItem(atPath: crawl.folder.path + "/" + path(8))
            for item in [4, 8] { site.route(site.gallery.items[item].path, to: other(item)) }
            try await refresh(recipe)
            #expect(crawl.bytes(of: path(4)) == Array("mine".utf8))
            #expect(crawl.bytes(of: beside(4, 2)) == other(4).body)
            #expect(crawl.bytes(of: path(8)) == other(8).body)
            #expect(
                try crawl.rows("select path, how from formers order by image_id")
                    == [[path(4), "kept"], [path(8), "replaced"]]
            )
            try await expectSound(files: 13)
        }
    }

    @Test func `a file that was there before is not replaced, whole picture though it is`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "on_change: replace")
            let mine = other(0).body
            let theirs = Self.gallery.picture(of: Self.gallery.items[0])
            try FileManager.default.createDirectory(
                atPath: crawl.folder.path,
                withIntermediateDirectories: true
            )
            let file = URL(fileURLWithPath: crawl.folder.path + "/" + path(0))
            try Data(mine).write(to: file)
            try await crawl.run(recipe)
            try await refresh(recipe)
            #expect(crawl.bytes(of: path(0)) == mine)
            #expect(crawl.bytes(of: beside(0, 2)) == SampleSite.Response.picture(theirs).body)
            try await expectSound(files: 13)
        }
    }

    @Test func `a stranger's file in the way is left alone, and the picture stays as it was`()
        async throws
    {
        try await SampleSite.serve(Self.gallery) { site in
            try await crawl.run(recipe(site))
            let mine = crawl.folder.path + "/" + beside(4, 2)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: mine))
            site.route(site.gallery.items[4].path, to: other(4))
            try await refresh(recipe(site))
            #expect(crawl.bytes(of: beside(4, 2)) == Array("mine".utf8))
            #expect(try crawl.ask("select path from downloads where id = 5") == [path(4)])
            #expect(
                try crawl.ask("select error_class from attempts where kind = 'refresh'")
                    == ["path_taken"]
            )
            try await expectSound(files: 13)
        }
    }

    @Test(arguments: ["skip", "rename"])
    func `the path of an older picture is not given to another`(_ rule: String) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let recipe = recipe(site, "on_conflict: \(rule)")
            try await crawl.run(recipe)
            let old = crawl.bytes(of: path(4))
            site.route(site.gallery.items[4].path, to: other(4))
            try await refresh(recipe)
            site.route("/new.jpg", to: other(4, 7))
            let page = CrawlFixture.page([(site.address(of: "/new.jpg"), Gallery.caption(4))])
            site.route("/more", to: .html(page))
            try await crawl.run(
                CrawlFixture.recipe(for: site, pages: ["/more"], "on_conflict: \(rule)")
            )
            #expect(crawl.bytes(of: path(4)) == old)
            #expect(crawl.bytes(of: beside(4, 2)) == other(4).body)
            if rule == "skip" {
                #expect(
                    try crawl.rows("select reason, owner_id from skips") == [["path_taken", "5"]]
                )
            } else {
                #expect(crawl.bytes(of: beside(4, 3)) == other(4, 7).body)
            }
        }
    }

    @Test(arguments: ["hardlink", "skip"])
    func `a changed picture leaves those that had its bytes what they are`(
        _ rule: String
    ) async throws {
        try await SampleSite.serve(Self.gallery) { site in
            let items = site.gallery.items
            let same = SampleSite.Response.picture(site.gallery.picture(of: items[4]))
            site.route(items[8].path, to: same)
            let recipe = recipe(site, "duplicates: \(rule)\non_change: replace")
            try await crawl.run(recipe)
            #expect(try crawl.ask("select count(*) from duplicates") == [1])
            let first = try #require(
                try crawl.ask("select owner_id from duplicates", as: Int.self).first
            )
            site.route(items[first - 1].path, to: other(first - 1))
            try await refresh(recipe)
            #expect(crawl.bytes(of: path(first - 1)) == other(first - 1).body)
            #expect(crawl.bytes(of: path(first == 5 ? 8 : 4)) == same.body)
            #expect(try crawl.ask("select count(*) from skips") == [0])
            try await expectSound(files: 12)
        }
    }
}
