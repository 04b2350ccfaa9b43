import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct BadInputTests {
    private let fixture = CommandFixture()

    private static let good = """
        name: site
        pages: "http://127.0.0.1:9/{1..2}"
        item:
          each: "a.item"
          image: "img::attr(src)"
        """

    @Test(arguments: [
        ("name: x\n", "site.yaml:1: ", "is missing"),
        (good + "\nspeed: 3\n", "site.yaml:6: ", "'speed'"),
        (good + "\nworkers: many\n", "site.yaml:6: ", "'workers'"),
        (good + "\nworkers: { images: 0 }\n", "site.yaml:6: ", "1 to 512"),
        (good + "\ntimeout: soon\n", "site.yaml:6: ", "'timeout'"),
        (good + "\npath: \"{caption}\"\n", "site.yaml:6: ", "caption"),
        (good.replacing("{1..2}", with: "{1..}"), "site.yaml:2: ", "'{1..}' is no range"),
        (good.replacing("a.item", with: "a..item"), "site.yaml:4: ", "'item.each'"),
        (good.replacing("::attr(src)", with: "::atr(src)"), "site.yaml:5: ", "'item.image'"),
        (
            good.replacing(
                "each: \"a.item\"\n  image: \"img::attr(src)\"",
                with: "regex: '(?<image>.*'"
            ),
            "site.yaml:4: ", "'item.regex'"
        ),
        (good + "\nfollow: [{ each: li }]\n", "site.yaml:6: ", "'follow.link' is missing"),
        ("name: [\n", "site.yaml:", "no YAML"),
        ("", "site.yaml: ", "empty"),
    ])
    func `a recipe that can't be used is refused with file, line and cure`(
        recipe: String,
        place: String,
        problem: String
    ) async throws {
        try fixture.write(recipe, to: "site.yaml")
        let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
        #expect(result.code == 64)
        #expect(result.output == "")
        #expect(result.errors.contains(place))
        #expect(result.errors.contains(problem))
        #expect(result.errors.split(separator: "magpie:").count == 1)
        #expect(!FileManager.default.fileExists(atPath: fixture.pictures))
        #expect(try await fixture.magpie("check", "site.yaml").code == 64)
    }

    @Test(arguments: [
        ["resume", "pictures"], ["retry", "pictures"], ["retry", "pictures", "--dry-run"],
        ["status", "pictures"], ["history", "pictures"],
    ])
    func `a folder that is no crawl folder is refused and left as it is`(
        arguments: [String]
    ) async throws {
        let missing = try await fixture.start(arguments).result()
        #expect(missing.code == 10)
        #expect(missing.errors.contains("magpie crawl RECIPE --into pictures"))
        #expect(fixture.folder.files() == [])

        try FileManager.default.createDirectory(
            atPath: fixture.pictures,
            withIntermediateDirectories: false
        )
        #expect(try await fixture.start(arguments).result().code == 10)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.pictures) == [])
    }

    @Test(arguments: [
        ["crawl", "none.yaml", "--into", "pictures"], ["check", "none.yaml"], ["fly"],
        ["history", "pictures", "--limit", "0"], ["retry", "pictures", "--class", "bad_luck"],
        ["crawl"],
    ])
    func `wrong usage ends with code 64`(arguments: [String]) async throws {
        let result = try await fixture.start(arguments).result()
        #expect(result.code == 64)
        #expect(result.errors != "")
    }

    @Test(arguments: [
        (["crawl", "folder", "--into", "pictures"], 64, "is a folder: give a recipe's file"),
        (["crawl", "site.yaml", "--into", "site.yaml"], 64, "is a file: give a folder"),
        (["check", "site.yaml", "ftp://127.0.0.1/"], 64, "only http and https"),
        (["check", "site.yaml", "none.html"], 64, "give a saved page"),
        (["check", "site.yaml", "page.html", "--level", "1"], 64, "has no level 1"),
        (["check", "site.yaml", "--follow", "0"], 64, "'--follow' must be above zero"),
        (["init"], 64, "'--from'"),
        (["init", "none/kittens"], 64, "a folder that is there"),
        (["retry", "pictures", "--status", "5000"], 64, "from 100 to 599"),
        (["retry", "pictures", "--class", "path_taken"], 64, "on_conflict: rename"),
        (["retry", "pictures", "--class", "robots"], 64, "robots: ignore"),
        (["retry", "pictures", "--class", "duplicate"], 64, "duplicates: keep"),
        (["history", "pictures", "--json", "--format", "csv"], 64, "exclude each other"),
        (["verify", "pictures", "--wait"], 64, "'--repair'"),
        (["adopt", "folder", "--dry-run"], 10, "--recipe RECIPE"),
        (["adopt", "nowhere", "--recipe", "site.yaml"], 64, "is not there"),
    ])
    func `a wrong use is told with its cure, and changes nothing`(
        arguments: [String],
        code: Int32,
        cure: String
    ) async throws {
        try fixture.write(Self.good, to: "site.yaml")
        try fixture.write("<p>nothing", to: "page.html")
        try FileManager.default.createDirectory(
            atPath: fixture.folder.path("folder"),
            withIntermediateDirectories: false
        )
        let before = fixture.folder.files()
        let result = try await fixture.start(arguments).result()
        #expect(result.code == code)
        #expect(result.errors.contains(cure), "\(result.errors)")
        #expect(fixture.folder.files() == before)
    }

    @Test func `a database of another program is refused and left as it is`() async throws {
        try fixture.write(Self.good, to: "site.yaml")
        try FileManager.default.createDirectory(
            atPath: fixture.pictures,
            withIntermediateDirectories: false
        )
        let database = fixture.folder.path("pictures/magpie.db")
        _ = try await RunningProgram("sqlite3", [database, "create table t (x)"]).result()
        let before = FileManager.default.contents(atPath: database)
        let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
        #expect(result.code == 64)
        #expect(result.errors.contains("is not magpie's database"))
        #expect(FileManager.default.contents(atPath: database) == before)
        #expect(try await fixture.magpie("status", "pictures").code == 64)
    }

    @Test func `a database of a newer version is refused and left as it is`() async throws {
        try fixture.write(Self.good, to: "site.yaml")
        let first = try fixture.start("crawl", "site.yaml", "--into", "pictures")
        try await eventually("the database is made") {
            try await fixture.sql("select count(*) from page") == ["2"]
        }
        first.send(SIGKILL)
        _ = await first.result()
        let database = fixture.folder.path("pictures/magpie.db")
        _ = try await RunningProgram(
            "sqlite3",
            [database, "insert into grdb_migrations values ('9999_from_the_future')"]
        ).result()
        let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
        #expect(result.code == 64)
        #expect(result.errors.contains("newer magpie"))
        #expect(try await fixture.magpie("status", "pictures").code == 64)
        #expect(try await fixture.sql("select count(*) from run") == ["1"])
    }

    @Test func `a file that is no database is refused and left as it is`() async throws {
        try fixture.write(Self.good, to: "site.yaml")
        try FileManager.default.createDirectory(
            atPath: fixture.pictures,
            withIntermediateDirectories: false
        )
        let text = String(repeating: "these are holiday notes\n", count: 100)
        try fixture.write(text, to: "pictures/magpie.db")
        let result = try await fixture.magpie("crawl", "site.yaml", "--into", "pictures")
        #expect(result.code == 1)
        #expect(result.errors.contains("damaged"))
        #expect(fixture.bytes(of: "magpie.db") == Array(text.utf8))
    }
}
