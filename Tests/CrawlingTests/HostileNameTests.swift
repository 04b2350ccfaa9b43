import CrawlModel
import Foundation
import SampleSite
import Storage
import TestSupport
import Testing

/// Captions that are meant to lead out of the folder, to overwrite something, or to look like another.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct HostileNameTests {
    private let crawl = CrawlFixture()

    /// Crawls a page that shows pictures with these captions, in order.
    private func crawl(
        _ captions: [String],
        _ more: String = "",
        prepare: (CrawlFixture) throws -> Void = { _ in }
    ) async throws {
        // PNG alone, so that names depend on captions only.
        let pictures = captions.indices.map { Picture(.png, number: UInt64($0)) }
        try await SampleSite.serve { site in
            for index in captions.indices {
                site.route("/\(index).png", to: .picture(pictures[index]))
            }
            let items = captions.enumerated().map { ("/\($0).png", $1) }
            site.route("/", to: .html(CrawlFixture.page(items)))
            try crawl.folder.create()
            try prepare(crawl)
            let recipe = CrawlFixture.recipe(for: site, pages: ["/"], more)
            let ending = try await crawl.run(recipe)
            #expect(ending == .finished)
        }
    }

    /// What lies beside the crawl folder.
    private var strangers: [String] { crawl.temporary.files().filter { !$0.hasPrefix("crawl/") } }

    @Test(
        arguments: [
            ("../escape", "_escape.png"),
            ("../../../../../../tmp/escape", "_.._.._.._.._.._tmp_escape.png"),
            ("/etc/passwd", "_etc_passwd.png"), ("..\\..\\escape", "_.._escape.png"),
            ("..", "0.png"), (".", "0.png"), ("", "0.png"), ("/", "_.png"),
            ("a&#x7;b&#x1b;[2Jc", "ab[2Jc.png"), ("a&#x202e;gnp.exe", "agnp.exe.png"),
            ("CON", "_CON.png"), ("nul.txt", "_nul.txt.png"), ("trailing. . .", "trailing.png"),
            (".hidden", "hidden.png"), (".magpie/x", "magpie_x.png"), (".magpie", "magpie.png"),
            ("magpie.db", "_magpie.db.png"), ("MAGPIE.DB-wal", "_MAGPIE.DB-wal.png"),
            ("C:\\Windows\\x", "C__Windows_x.png"), ("~root", "~root.png"), ("-rf", "-rf.png"),
            ("$(reboot)", "$(reboot).png"),
            ("%2e%2e%2fescape", "%2e%2e%2fescape.png"),
        ]
    )
    func `a caption makes one harmless name in the folder`(caption: String, name: String)
        async throws
    {
        try await crawl([caption])
        #expect(crawl.pictures() == [name])
        #expect(strangers.isEmpty)
        #expect(try crawl.ask("select path from downloads", as: String.self) == [name])
    }

    @Test func `a NUL ends no name early`() async throws {
        try await crawl(["a\u{0}b&#0;c"])
        #expect(crawl.pictures() == ["abc.png"])
    }

    @Test func `300 emoji are cut between two of them, and twins by the cut keep apart`()
        async throws
    {
        let family = "👨‍👩‍👧‍👦"
        let long = String(repeating: family, count: 300)
        try await crawl([long + "1", long + "2"], "on_conflict: rename")
        let names = crawl.pictures()
        #expect(names.count == 2)
        for name in names {
            #expect(name.utf8.count <= 255)
            #expect(name.hasPrefix(family))
            let stem = name.replacing(".png", with: "").replacing(" (2)", with: "")
            #expect(stem.allSatisfy { String($0) == family })
        }
    }

    @Test func `names that differ in case or form only are one name`() async throws {
        let captions = ["Café", "CAFE\u{301}", "cafe\u{301}", "café"]
        try await crawl(captions)
        #expect(crawl.pictures() == ["Café.png"])
        #expect(
            try crawl.rows("select reason, owner_id, path from skips order by id") == [
                ["path_taken", "1", "CAFÉ.png"], ["path_taken", "1", "café.png"],
                ["path_taken", "1", "café.png"],
            ]
        )
    }

    @Test func `renamed twins are numbered without regard to case and form`() async throws {
        let captions = ["Café", "CAFE\u{301}", "cafe\u{301} (2)", "café"]
        try await crawl(captions, "on_conflict: rename")
        #expect(Set(crawl.pictures().map { $0.lowercased() }).count == 4)
        #expect(try crawl.ask("select count(*) from downloads") == [4])
    }

    @Test func `a link planted in the folder is not followed and not replaced`() async throws {
        let outside = crawl.temporary.path("outside")
        try await crawl(["link", "dangling", "good"]) { crawl in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: outside))
            try FileManager.default.createSymbolicLink(
                atPath: crawl.folder.path + "/link.png",
                withDestinationPath: outside
            )
            try FileManager.default.createSymbolicLink(
                atPath: crawl.folder.path + "/dangling.png",
                withDestinationPath: crawl.temporary.path("new")
            )
        }
        #expect(FileManager.default.contents(atPath: outside) == Data("mine".utf8))
        #expect(strangers == ["outside"])
        #expect(
            try crawl.rows("select path, reason from skips order by id")
                == [["link.png", "path_taken"], ["dangling.png", "path_taken"]]
        )
        #expect(try crawl.ask("select path from downloads", as: String.self) == ["good.png"])
    }

    @Test func `a link in place of a folder is not followed`() async throws {
        try await crawl(["one"], #"path: "sets/{name}{extension}""#) { crawl in
            let outside = crawl.temporary.path("outside")
            try FileManager.default.createDirectory(
                atPath: outside,
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(
                atPath: crawl.folder.path + "/sets",
                withDestinationPath: outside
            )
        }
        #expect(strangers.isEmpty)
        #expect(
            try crawl.rows("select path, reason from skips") == [["sets/one.png", "path_taken"]]
        )
        #expect(crawl.parts().isEmpty)
    }

    @Test func `what is no file is left alone, be it a folder, a pipe or a socket`() async throws {
        try await crawl(["folder", "pipe", "socket", "good"]) { crawl in
            try FileManager.default.createDirectory(
                atPath: crawl.folder.path + "/folder.png",
                withIntermediateDirectories: true
            )
            #expect(mkfifo(crawl.folder.path + "/pipe.png", 0o600) == 0)
            #expect(mknod(crawl.folder.path + "/socket.png", S_IFSOCK | 0o600, 0) == 0)
        }
        #expect(
            try crawl.ask("select path from skips order by id", as: String.self)
                == ["folder.png", "pipe.png", "socket.png"]
        )
        #expect(try crawl.ask("select path from downloads", as: String.self) == ["good.png"])
    }

    @Test
    func `a stranger's file is not overwritten, and a picture of one's own is taken as it is`()
        async throws
    {
        let own = Picture(.png, number: 99).bytes
        try await crawl(["text", "picture"]) { crawl in
            let (text, picture) = (
                crawl.folder.path + "/text.png", crawl.folder.path + "/picture.png"
            )
            try Data("my notes".utf8).write(to: URL(fileURLWithPath: text))
            try Data(own).write(to: URL(fileURLWithPath: picture))
        }
        #expect(crawl.bytes(of: "text.png") == Array("my notes".utf8))
        #expect(crawl.bytes(of: "picture.png") == own)
        #expect(try crawl.rows("select path, reason from skips") == [["text.png", "path_taken"]])
        #expect(
            try crawl.rows("select path, bytes, http_status from downloads")
                == [["picture.png", "\(own.count)", "-"]]
        )
    }

    @Test func `captions of any characters stay inside and have a file each`() async throws {
        var generator = SeededGenerator(for: "captions of any characters")
        let pieces = [
            "..", "/", "\\", "&#0;", "&#x1b;", ".", " ", "con", "é", "e\u{301}", "👨‍👩‍👧", "\u{202E}",
            "%2f",
            "magpie.db", ".magpie", "x", "\u{FEFF}", "中", "\u{1F1E9}", "&amp;", "'", "-",
            "\u{E0041}",
        ]
        let captions = (0..<150).map { _ in
            let count = Int.random(in: 0...12, using: &generator)
            return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        }
        try await crawl(captions, "on_conflict: rename")
        #expect(strangers.isEmpty)
        let names = crawl.pictures()
        #expect(names.count == captions.count)
        #expect(
            names.allSatisfy { !$0.contains("/") && !$0.hasPrefix(".") && $0.utf8.count <= 255 }
        )
        #expect(
            try crawl.ask("select path from downloads order by path", as: String.self).sorted()
                == names
        )
    }
}
