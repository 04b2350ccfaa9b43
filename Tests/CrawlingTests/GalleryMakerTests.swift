import CrawlModel
import Foundation
import SampleSite
import Storage
import TestSupport
import Testing

/// Galleries that gallery makers wrote, crawled by the ready recipes and compared with the makers' own
/// output.
///
/// The makers are found on the path: `pip install sigal simple-photo-gallery`.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct GalleryMakerTests {
    enum Maker: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case sigal
        case simplegallery

        var testDescription: String { rawValue }

        var programs: [String] {
            switch self {
            case .sigal: ["sigal"]
            case .simplegallery: ["gallery-init", "gallery-build"]
            }
        }

        var isInstalled: Bool {
            let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
            return programs.allSatisfy { program in
                folders.contains {
                    FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
                }
            }
        }
    }

    private static let albums = [
        "": 2, "Trips/Alps 2024": 4, "Trips/Über Café": 3, "Cats & dogs": 5, "Empty/Deep/Deeper": 2,
    ]

    private static func write(_ text: String, to file: String) throws {
        try text.write(toFile: file, atomically: false, encoding: .utf8)
    }

    private static func run(_ program: String, _ arguments: [String], in folder: String)
        async throws
    {
        let result = try await RunningProgram(program, arguments, in: folder).result()
        #expect(result.code == 0, "\(program): \(result.output)\(result.errors)")
    }

    /// Puts pictures into a folder, lets the maker make a gallery of it, and tells where that is.
    private static func make(_ maker: Maker, in folder: String) async throws -> String {
        let source = folder + "/source"
        var number: UInt64 = 0
        for (album, count) in albums.sorted(by: { $0.key < $1.key }) {
            // One of the makers knows no albums.
            let place = maker == .sigal && album != "" ? "\(source)/\(album)" : source
            try FileManager.default.createDirectory(
                atPath: place,
                withIntermediateDirectories: true
            )
            for _ in 0..<count {
                number += 1
                let format: Picture.Format = number % 2 == 0 ? .png : .jpeg
                let picture = Picture(format, number: number, minimumBytes: 900)
                let file = "\(place)/IMG \(number)\(format.suffix)"
                try Data(picture.bytes).write(to: URL(filePath: file))
            }
        }
        switch maker {
        case .sigal:
            let settings = "source = 'source'\ndestination = 'out'\ntheme = 'photoswipe'\n"
            try write(settings, to: "\(folder)/sigal.conf.py")
            try await run("sigal", ["build", "-c", "sigal.conf.py"], in: folder)
            return folder + "/out"
        case .simplegallery:
            try await run("gallery-init", ["--use-defaults", "-p", "."], in: source)
            try await run("gallery-build", ["-p", "."], in: source)
            return source + "/public"
        }
    }

    /// Shows a folder as a file server does, and tells which of its files are pictures of the gallery.
    private static func serve(_ folder: String, on site: SampleSite) throws -> [String: [UInt8]] {
        var pictures: [String: [UInt8]] = [:]
        let files =
            FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for file in files {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else {
                continue
            }
            let parts = file.split(separator: "/").map(String.init)
            let target = "/" + parts.map(WebAddress.encoded).joined(separator: "/")
            site.route(target, to: .init(body: Array(data)))
            if parts.last == "index.html" {
                site.route(
                    String(target.dropLast("index.html".count)),
                    to: .init(body: Array(data))
                )
            }
            let isPicture = [".jpg", ".png"].contains { file.hasSuffix($0) }
            if isPicture, !parts.contains("thumbnails"), !parts.contains("static"),
                !parts.contains("default-skin.png")
            {
                pictures[file] = Array(data)
            }
        }
        return pictures
    }

    @Test(
        .enabled("no gallery maker is installed: pip install sigal simple-photo-gallery") {
            Maker.allCases.contains(where: \.isInstalled)
        },
        arguments: Maker.allCases.filter(\.isInstalled)
    )
    func `a gallery of a maker is crawled to what the maker wrote`(maker: Maker) async throws {
        let folder = TemporaryFolder()
        let output = try await Self.make(maker, in: folder.path)
        try await SampleSite.serve { site async throws in
            let pictures = try Self.serve(output, on: site)
            #expect(pictures.count == Self.albums.values.reduce(0, +))
            let recipe = try String(
                contentsOf: ReadyRecipeTests.recipes.appending(path: "\(maker.rawValue).yaml"),
                encoding: .utf8
            ).replacing("https://gallery.example", with: site.address(of: ""))
            let crawl = CrawlFixture()
            #expect(try await crawl.run(recipe + "\ntimeout: 300s\n") == .finished)
            #expect(try crawl.rows("select url, error_class, message from failures") == [])
            #expect(crawl.pictures() == pictures.keys.sorted())
            for (path, bytes) in pictures { #expect(crawl.bytes(of: path) == bytes, "\(path)") }
        }
    }
}
