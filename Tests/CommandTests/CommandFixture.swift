import Foundation
import SampleSite
import TestSupport

/// A folder to work in, and the built magpie.
struct CommandFixture {
    let folder = TemporaryFolder()

    /// The crawl folder of the tests.
    var pictures: String { folder.path("pictures") }

    /// Starts magpie in the folder.
    func start(_ arguments: String...) throws -> RunningProgram { try start(arguments) }

    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(BuiltBinary.path(of: "magpie"), arguments, in: folder.path)
    }

    /// Runs magpie to its end.
    func magpie(_ arguments: String...) async throws -> RunningProgram.Result {
        try await start(arguments).result()
    }

    /// Asks the database with the sqlite3 shell.
    func sql(_ query: String) async throws -> [String] {
        let shell = try RunningProgram(
            "sqlite3",
            ["-readonly", folder.path("pictures/magpie.db"), query],
            in: folder.path
        )
        return await shell.result().output.split(separator: "\n").map(String.init)
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: folder.path(name), atomically: false, encoding: .utf8)
    }

    /// Writes the recipe of a sample site to `site.yaml`.
    func writeRecipe(of site: SampleSite, _ more: String = "") throws {
        try write(
            """
            name: site
            pages: "\(site.address(of: "/photo/list/?page={1..\(site.gallery.pages)}"))"
            item:
              each: "a.col-xs-6.col-sm-3"
              image: "img::attr(data-original)"
              name: "p[style='display: none']::text"
            \(more)
            """,
            to: "site.yaml"
        )
    }

    /// The names of the pictures on disk, with magpie's own files left out.
    var pictureFiles: [String] {
        folder.files().filter { $0.hasPrefix("pictures/") }
            .map { String($0.dropFirst("pictures/".count)) }
            .filter { !$0.hasPrefix(".magpie/") && !$0.hasPrefix("magpie.db") }
    }

    func bytes(of picture: String) -> [UInt8] {
        Array(FileManager.default.contents(atPath: "\(pictures)/\(picture)") ?? Data())
    }
}
