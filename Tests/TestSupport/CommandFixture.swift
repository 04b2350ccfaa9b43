import Foundation
package import SampleSite

/// A folder to work in, and the built magpie.
package struct CommandFixture: Sendable {
    /// Where it works.
    package let folder = TemporaryFolder()

    /// A folder of its own.
    package init() {}

    /// The crawl folder of the tests.
    package var pictures: String { folder.path("pictures") }

    /// Starts magpie in the folder.
    package func start(_ arguments: String...) throws -> RunningProgram { try start(arguments) }

    /// Starts magpie in the folder, with more in its environment.
    package func start(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try RunningProgram(
            BuiltBinary.path(of: "magpie"),
            arguments,
            environment: environment,
            in: folder.path
        )
    }

    /// Runs magpie to its end.
    package func magpie(_ arguments: String...) async throws -> RunningProgram.Result {
        try await start(arguments).result()
    }

    /// Asks the database with the sqlite3 shell.
    package func sql(_ query: String) async throws -> [String] {
        let shell = try RunningProgram(
            "sqlite3",
            ["-readonly", folder.path("pictures/magpie.db"), query],
            in: folder.path
        )
        return await shell.result().output.split(separator: "\n").map(String.init)
    }

    /// Writes a file in the folder.
    package func write(_ text: String, to name: String) throws {
        try text.write(toFile: folder.path(name), atomically: false, encoding: .utf8)
    }

    /// Writes the recipe of a sample site to `site.yaml`.
    package func writeRecipe(of site: SampleSite, _ more: String = "") throws {
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
    package var pictureFiles: [String] {
        folder.files().filter { $0.hasPrefix("pictures/") }
            .map { String($0.dropFirst("pictures/".count)) }
            .filter { !$0.hasPrefix(".magpie/") && !$0.hasPrefix("magpie.db") }
    }

    /// What a picture's file holds; nothing if there is none.
    package func bytes(of picture: String) -> [UInt8] {
        Array(FileManager.default.contents(atPath: "\(pictures)/\(picture)") ?? Data())
    }
}
