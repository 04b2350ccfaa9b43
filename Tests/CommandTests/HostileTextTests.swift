import Foundation
import SampleSite
import TestSupport
import Testing

/// What a server sends never reaches a terminal as an order, a spreadsheet as a formula, or a program as
/// broken JSON.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct HostileTextTests {
    private let fixture = CommandFixture()

    /// Colours, a title, the cursor, C1, a bell, a line turned around, a forged line.
    private static let orders = [
        "\u{1B}[31mred", "\u{1B}]0;title\u{7}", "\u{9B}2Jgone", "\u{202E}gnp.exe",
        "a\rmagpie: fine",
        "a\u{2028}b", "\u{7F}\u{8}\u{8}x", "\u{90}q\u{9C}", "\u{2066}x\u{2069}",
    ]
    private static let formulas = [
        "=1+1", "+1", "-1", "@SUM(A1)", "=\u{301}1", "\"\u{301},=1", "a,b", "say \"hi\"",
    ]

    /// A crawl of a site whose captions, addresses, headers and errors are all hostile.
    private func withHostileCrawl(_ body: (SampleSite) async throws -> Void) async throws {
        let texts = Self.orders + Self.formulas
        let gallery = Gallery(pages: 1, itemsPerPage: texts.count + 4) { index in
            index < texts.count ? "\(texts[index]) \(index)" : "plain \(index)"
        }
        try await SampleSite.serve(gallery) { site in
            try fixture.writeRecipe(of: site)
            let order = Self.orders[0] + Self.orders[2]
            let paths = gallery.items.suffix(4).map(\.path)
            site.fault(.redirect(to: "http://\(order)/\(order)"), at: paths[0])
            site.fault(.redirect(to: "ftp://127.0.0.1/\(order)"), at: paths[1])
            site.fault(
                .raw(Array("HTTP/1.1 404 \(order)\r\nX: \(order)\r\n\r\n".utf8)),
                at: paths[2]
            )
            let type = SampleSite.Response(
                headers: ["Content-Type": "image/\(order)"],
                body: Array("<\(order)".utf8)
            )
            site.fault(.answer(type), at: paths[3])
            try await body(site)
        }
    }

    private func expectHarmless(_ text: String, _ what: String, allowed: String = "\n") {
        let orders = text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                !allowed.unicodeScalars.contains(scalar)
            default: false
            }
        }
        let numbers = orders.map { String($0.value, radix: 16) }
        #expect(numbers == [], "\(what)")
    }

    @Test func `no order from a server reaches a terminal`() async throws {
        try await withHostileCrawl { site in
            let commands = [
                ["check", "site.yaml"], ["check", "site.yaml", "--json"],
                ["crawl", "site.yaml", "--into", "pictures"], ["status", "pictures"],
                ["status", "pictures", "--json"], ["history", "pictures"],
                ["history", "pictures", "--json"], ["retry", "pictures", "--class", "redirect"],
                ["doctor", "pictures"],
            ]
            for command in commands {
                let result = try await fixture.start(command).result()
                expectHarmless(result.output, "\(command): standard output")
                expectHarmless(result.errors, "\(command): standard error")
                #expect(!result.output.isEmpty, "\(command): \(result.errors)")
            }
            // Both the done ones and the failed ones are in what was looked at.
            let history = try await fixture.magpie("history", "pictures")
            // With the names of the columns and a rule.
            #expect(history.output.split(separator: "\n").count == site.gallery.items.count + 2)
            #expect(history.output.contains("redirect"))

            let address = site.address(of: "/broken")
            site.fault(.redirect(to: "ftp://\(Self.orders[0])/"), at: "/broken")
            let check = try await fixture.magpie("check", "site.yaml", address)
            #expect(check.code == 64)
            expectHarmless(check.errors, "check of a page that fails")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func `on a terminal only magpie itself moves the cursor`() async throws {
        try await withHostileCrawl { site in
            for command in [
                "crawl site.yaml --into pictures", "history pictures --format csv",
                "history pictures", "status pictures",
            ] {
                let line = "\(BuiltBinary.path(of: "magpie")) \(command)"
                let words = ["-qec", line, "/dev/null"]
                let result = try await RunningProgram("script", words, in: fixture.folder.path)
                    .result()
                // What a server sent is not among the orders of the display.
                #expect(!result.output.contains("\u{1B}[31mred"), "\(command)")
                let orders = /\u{1B}\[(\?2026[hl]|[JK]|\d+[Am])/
                let shown = result.output.replacing(orders, with: "")
                #expect(!shown.isEmpty)
                expectHarmless(shown, command, allowed: "\r\n")
            }
        }
    }

    @Test func `no cell of CSV is a formula, and every cell can be read back`() async throws {
        try await withHostileCrawl { site in
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 3)
            let csv = try await fixture.magpie("history", "pictures", "--format", "csv")
            let rows = Self.rows(ofCSV: csv.output)
            #expect(rows.count == site.gallery.items.count + 1)
            let caption = try #require(rows[0].firstIndex(of: "caption"))
            let formulaStarts = Array("=+-@\t\r\n".unicodeScalars)
            for row in rows {
                #expect(row.count == rows[0].count)
                let starts = row.compactMap(\.unicodeScalars.first)
                #expect(!starts.contains { formulaStarts.contains($0) }, "\(row)")
            }
            let captions = Set(rows.map { $0[caption] })
            let expected = ["'=1+1 9", "\"\u{301},=1 14", "say \"hi\" 16"]
            #expect(captions.isSuperset(of: expected))
        }
    }

    @Test func `JSON is valid and says what the site said`() async throws {
        try await withHostileCrawl { site in
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 3)
            let json = try await fixture.magpie("history", "pictures", "--json")
            let captions = try json.output.split(separator: "\n").map { line in
                let entry = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return (entry as? [String: Any])?["caption"] as? String
            }
            #expect(captions.count == site.gallery.items.count)
            let expected = ["\u{9B}2Jgone 2", "\u{202E}gnp.exe 3"]
            #expect(Set(captions).isSuperset(of: expected))
        }
    }

    /// Reads CSV by code points, as RFC 4180 has it.
    private static func rows(ofCSV text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var wasQuote = false
        for scalar in text.unicodeScalars {
            if isQuoted, scalar == "\"" {
                isQuoted = false
                wasQuote = true
                continue
            }
            if wasQuote, scalar == "\"" {
                cell.append(scalar)
                isQuoted = true
            } else if isQuoted {
                cell.append(scalar)
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," || scalar == "\n" {
                row.append(String(cell))
                cell = String.UnicodeScalarView()
                if scalar == "\n" {
                    rows.append(row)
                    row = []
                }
            } else {
                cell.append(scalar)
            }
            wasQuote = false
        }
        return rows
    }
}
