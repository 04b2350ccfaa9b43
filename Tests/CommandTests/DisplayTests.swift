import Foundation
import SampleSite
import TestSupport
import Testing

/// What a terminal shows while a crawl runs.
@Suite(.timeLimit(.minutes(2)))
struct DisplayTests {
    private let fixture = CommandFixture()

    /// Runs `body` while a crawl on a terminal waits for the last of its 40 pictures; one of them failed.
    private func withWaitingCrawl(
        columns: Int,
        environment: [String: String] = [:],
        _ body: (TerminalProgram) async throws -> Void
    ) async throws {
        let gallery = Gallery(pages: 2) { "愛猫的日常生活 \($0)" }
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            site.fault(.status(404), at: gallery.items[3].path)
            site.hold(gallery.items[39].path)
            let crawl = try TerminalProgram(
                ["crawl", "site.yaml", "--into", "pictures"],
                columns: columns,
                environment: environment,
                in: fixture.folder.path
            )
            try await eventually("39 pictures are over: \(crawl.lines)") {
                crawl.lines.contains { $0.contains("39/40") }
                    && crawl.lines.contains { $0.hasPrefix("http_4xx") }
            }
            try await body(crawl)
            site.release(gallery.items[39].path)
            #expect(await crawl.code() == 3)
            #expect(crawl.unknownOrders == [])
            // The block is gone; the report stands in its place.
            #expect(crawl.lines.first == "finished", "\(crawl.lines)")
            #expect(!crawl.lines.contains { $0.contains("39/40") })
        }
    }

    /// The block is there once, in order, and fits.
    private func expectBlock(
        _ lines: [String],
        columns: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let starts = lines.map { $0.prefix(8) }
        #expect(
            starts == ["pages   ", "images  ", "        ", "saved   ", "http_4xx"],
            "\(lines.joined(separator: "\n"))",
            sourceLocation: sourceLocation
        )
        for line in lines {
            let width = line.unicodeScalars.reduce(0) { $0 + ($1.properties.isIdeographic ? 2 : 1) }
            #expect(width < columns, "\(line)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [24, 60, 80, 200])
    func `a terminal of any width shows two bars, speed and what failed`(columns: Int) async throws
    {
        try await withWaitingCrawl(columns: columns) { crawl in
            expectBlock(crawl.lines, columns: columns)
            #expect(crawl.lines[0].contains("2/2 100%"))
            #expect(crawl.lines[0].contains("█") == (columns >= 60))
            #expect(crawl.lines[3].contains("愛猫"))
            #expect(crawl.usedColours)
        }
    }

    @Test func `the display follows the terminal's size and leaves nothing behind`() async throws {
        try await withWaitingCrawl(columns: 120) { crawl in
            for columns in [50, 30, 90] {
                crawl.resize(columns: columns)
                try await eventually("the block fits \(columns) columns: \(crawl.lines)") {
                    crawl.lines.count == 5
                        && crawl.lines[0].contains("█") == (columns >= 50)
                        && crawl.lines[4].count >= columns - 2
                }
                expectBlock(crawl.lines, columns: columns)
            }
        }
    }

    @Test func `without colours and with ASCII only it shows the same`() async throws {
        let environment = ["NO_COLOR": "1", "LC_ALL": "C"]
        try await withWaitingCrawl(columns: 80, environment: environment) { crawl in
            expectBlock(crawl.lines, columns: 80)
            #expect(crawl.lines[0].contains("[####"))
            #expect(!crawl.usedColours)
        }
    }

    @Test func `status --watch shows the same from another terminal`() async throws {
        try await withWaitingCrawl(columns: 80) { crawl in
            let second = try TerminalProgram(
                ["status", "pictures", "--watch"],
                columns: 80,
                in: fixture.folder.path
            )
            try await eventually("the other terminal shows it: \(second.lines)") {
                second.lines.contains { $0.contains("39/40 97%, 1 failed") }
            }
            #expect(
                second.lines.map { $0.prefix(8) } == [
                    "pages   ", "images  ", "        ", "http_4xx",
                ]
            )
            #expect(second.lines[0].contains("█"))
            second.send(SIGKILL)
            #expect(await second.code() == -1)
        }
    }

    @Test func `a signal's message does not break the display`() async throws {
        let gallery = Gallery(pages: 1)
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            site.hold(gallery.items[19].path)
            let crawl = try TerminalProgram(
                ["crawl", "site.yaml", "--into", "pictures"],
                columns: 80,
                in: fixture.folder.path
            )
            try await eventually("19 pictures are over: \(crawl.lines)") {
                crawl.lines.contains { $0.contains("19/20") }
            }
            crawl.send(SIGINT)
            try await eventually("the block is below the message: \(crawl.lines)") {
                crawl.lines.first?.hasPrefix("magpie: stopping") == true
                    && crawl.lines.count { $0.hasPrefix("images") } == 1
            }
            site.release(gallery.items[19].path)
            #expect(await crawl.code() == 130)
            #expect(crawl.lines.count { $0.hasPrefix("pages") } == 1)
        }
    }

    @Test func `watching ends with the crawl and shows where it stands`() async throws {
        try await withWaitingCrawl(columns: 80) { _ in }
        let watch = try await fixture.magpie("status", "pictures", "--watch")
        #expect(watch.code == 0)
        #expect(watch.output.hasPrefix("finished\n"))
    }

    @Test func `a host that wants to be left alone is shown with how long and why`() async throws {
        // Ten failures in a row would park the host.
        let gallery = Gallery(pages: 1, itemsPerPage: 4)
        try await SampleSite.serve(gallery, hosts: 2) { site in
            try fixture.writeRecipe(of: site, "robots: ignore")
            for item in gallery.items {
                let answer = SampleSite.Response(
                    status: 429,
                    headers: ["Retry-After": "600"],
                    body: []
                )
                site.route(item.path, to: answer)
            }
            let crawl = try TerminalProgram(
                ["crawl", "site.yaml", "--into", "pictures"],
                columns: 80,
                in: fixture.folder.path
            )
            let host = site.address(of: gallery.items[0]).split(separator: "/")[1]
            try await eventually("the wait is shown: \(crawl.lines)") {
                crawl.lines.contains {
                    $0.hasPrefix("waits   \(host) for ")
                        && $0.hasSuffix("it asked to be left alone")
                }
            }
            let status = try await fixture.magpie("status", "pictures")
            #expect(status.output.contains("  waits    \(host) for "))
            let watch = try fixture.start("status", "pictures", "--watch")
            try await eventually("the pipe has it: \(watch.output)") {
                watch.output.contains("waits: \(host) for ")
            }
            watch.send(SIGKILL)
            _ = await watch.result()
            crawl.send(SIGINT)
            #expect(await crawl.code() == 130)
            let json = try await fixture.magpie("status", "pictures", "--json")
            #expect(json.output.contains("\"waits\":[\"\(host) for "))
        }
    }
}
