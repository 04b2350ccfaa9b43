import Foundation
import SampleSite
import TestSupport
import Testing

/// A folder to work in, the built magpie, and the means to break what it stands on.
struct FaultFixture {
    let folder = TemporaryFolder()

    /// The crawl folder.
    var pictures: String { folder.path("pictures") }
    var database: String { "\(pictures)/magpie.db" }
    var recipe: String { folder.path("site.yaml") }

    /// Writes the recipe of a sample site.
    func writeRecipe(of site: SampleSite, _ more: String = "") throws {
        try """
        name: site
        pages: "\(site.address(of: "/photo/list/?page={1..\(site.gallery.pages)}"))"
        item:
          each: "a.col-xs-6.col-sm-3"
          image: "img::attr(data-original)"
          name: "p[style='display: none']::text"
        \(more)
        """.write(toFile: recipe, atomically: false, encoding: .utf8)
    }

    func start(_ arguments: String...) throws -> RunningProgram { try start(arguments) }

    /// Starts magpie, under another program if `under` names one with its arguments.
    func start(_ arguments: [String], under: [String] = []) throws -> RunningProgram {
        let words = under + [BuiltBinary.path(of: "magpie")] + arguments
        return try RunningProgram(words[0], Array(words.dropFirst()), in: folder.path)
    }

    func magpie(_ arguments: String...) async throws -> RunningProgram.Result {
        try await start(arguments).result()
    }

    /// Starts a crawl of the site whose recipe was written.
    func crawl(under: [String] = [], _ options: [String] = []) throws -> RunningProgram {
        try start(["crawl", recipe, "--into", pictures] + options, under: under)
    }

    /// Asks or changes the database with the sqlite3 shell.
    @discardableResult
    func sql(_ query: String, writing: Bool = false) async throws -> [String] {
        let shell = try RunningProgram(
            "sqlite3",
            (writing ? [] : ["-readonly"]) + [database, query]
        )
        return await shell.result().output.split(separator: "\n").map(String.init)
    }

    /// Waits until so many pictures are committed.
    func committed(_ pictures: Int) async throws {
        try await eventually("\(pictures) pictures are committed") {
            try await sql("select count(*) from downloads") == ["\(pictures)"]
        }
    }

    /// Runs a program of the system, which must succeed.
    func run(_ program: String, _ arguments: String...) async throws {
        let result = try await RunningProgram(program, arguments).result()
        try #require(result.code == 0, "\(program) \(arguments): \(result.errors)")
    }

    /// The process that holds the crawl folder's lock, which may run under another program.
    func holder() async throws -> pid_t {
        var pid: pid_t?
        try await eventually("magpie holds the lock") {
            let text = try? String(contentsOfFile: "\(pictures)/.magpie/lock", encoding: .utf8)
            pid = text?.firstMatch(of: /process (\d+)/).flatMap { pid_t($0.1) }
            return pid != nil
        }
        return try #require(pid)
    }

    /// Goes on after the fault is gone, and expects every picture whole on disk and in the database.
    func expectWholeAfterResume(
        _ site: SampleSite,
        in subfolder: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let resumed = try await magpie("resume", pictures)
        #expect(resumed.code == 0, "\(resumed.errors)", sourceLocation: sourceLocation)
        try await expectWhole(site, in: subfolder, sourceLocation: sourceLocation)
    }

    /// Every picture of the site is on disk under its caption, byte for byte, and its row says done.
    func expectWhole(
        _ site: SampleSite,
        in subfolder: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for item in site.gallery.items {
            let picture = site.gallery.picture(of: item)
            let name = "\(subfolder)\(item.caption)\(picture.format.suffix)"
            let isSame = FileManager.default.contents(atPath: "\(pictures)/\(name)")
                .map { [UInt8]($0) == picture.bytes }
            #expect(isSame == true, "\(name)", sourceLocation: sourceLocation)
        }
        let done = try await sql("select count(*) from downloads; pragma integrity_check")
        #expect(done == ["\(site.gallery.items.count)", "ok"], sourceLocation: sourceLocation)
        let parts = try FileManager.default.contentsOfDirectory(
            atPath: "\(pictures)/.magpie/parts"
        )
        #expect(parts == [], sourceLocation: sourceLocation)
    }
}
