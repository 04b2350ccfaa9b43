import Foundation
import SampleSite
import TestSupport
import Testing

/// Kept pages and pictures as a web archive.
@Suite(.timeLimit(.minutes(2)))
struct WebArchiveTests {
    private let fixture = CommandFixture()

    /// A record, as a reader of WARC/1.1 takes it apart.
    private struct Record {
        let headers: [String: String]
        let block: [UInt8]

        /// The block behind the head of an answer.
        var body: [UInt8] {
            let end: [UInt8] = Array("\r\n\r\n".utf8)
            for offset in block.indices where block[offset...].starts(with: end) {
                return Array(block[(offset + 4)...])
            }
            return []
        }
    }

    /// Takes unpacked records apart, and expects nothing else.
    private func records(_ bytes: [UInt8]) throws -> [Record] {
        var rest = bytes[...]
        func line() throws -> String {
            let end = try #require(rest.firstIndex(of: UInt8(ascii: "\n")))
            defer { rest = rest[(end + 1)...] }
            let text = String(decoding: rest[..<end], as: UTF8.self)
            #expect(text.hasSuffix("\r"))
            return String(text.dropLast())
        }
        var records: [Record] = []
        while !rest.isEmpty {
            #expect(try line() == "WARC/1.1")
            var headers: [String: String] = [:]
            while true {
                let header = try line()
                if header.isEmpty { break }
                let parts = header.split(separator: ": ", maxSplits: 1).map(String.init)
                headers[parts[0]] = parts[1]
            }
            let length = try #require(headers["Content-Length"].flatMap(Int.init))
            records.append(Record(headers: headers, block: Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
            #expect(try line() == "")
            #expect(try line() == "")
        }
        return records
    }

    /// Hexadecimal digits of what is written in base 32.
    private func hexadecimal(_ base32: Substring) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = base32.prefix { $0 != "=" }.map { digit -> String in
            let text = String(digits.firstIndex(of: digit) ?? 0, radix: 2)
            return String(repeating: "0", count: 5 - text.count) + text
        }.joined()
        var text = ""
        var rest = bits[...]
        while rest.count >= 8 {
            let byte = Int(rest.prefix(8), radix: 2) ?? 0
            text += String(format: "%02x", byte)
            rest = rest.dropFirst(8)
        }
        return text
    }

    private func shell(_ command: String) async throws -> RunningProgram.Result {
        let magpie = BuiltBinary.path(of: "magpie")
        return try await RunningProgram("sh", ["-c", command, magpie], in: fixture.folder.path)
            .result()
    }

    private func withCrawl(_ body: (SampleSite) async throws -> Void) async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site, "keep_pages: true")
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
            try await body(site)
        }
    }

    @Test func `an archive has the kept pages and the pictures, byte for byte, with their digests`()
        async throws
    {
        try await withCrawl { site in
            let export = try await shell(
                "\"$0\" export pictures --format warc > all.warc.gz && gzip -dc all.warc.gz > all.warc"
            )
            #expect(export.code == 0, "\(export.errors)")
            let bytes = try #require(
                FileManager.default.contents(atPath: fixture.folder.path("all.warc"))
            )
            let records = try records(Array(bytes))
            #expect(
                records.map { $0.headers["WARC-Type"] ?? "" }.prefix(4) == [
                    "warcinfo", "response", "response", "resource",
                ]
            )
            #expect(records.count == 43)
            #expect(Set(records.map { $0.headers["WARC-Record-ID"] }).count == 43)
            for number in 1...2 {
                let record = records[number]
                let target = site.gallery.path(ofPage: number)
                #expect(record.headers["WARC-Target-URI"] == site.address(of: target))
                let html = site.gallery.html(ofPage: number, address: site.address(of:))
                #expect(record.body == Array(html.utf8))
                #expect(
                    record.block.starts(
                        with: Array("HTTP/1.1 200 OK\r\nContent-Type: text/html".utf8)
                    )
                )
            }
            for record in records.dropFirst(3) {
                let url = try #require(record.headers["WARC-Target-URI"])
                let row = try await fixture.sql(
                    "select sha256, finished_at from downloads where url = '\(url)'"
                )
                let digest = try #require(record.headers["WARC-Payload-Digest"])
                #expect(digest.hasPrefix("sha256:"))
                let known =
                    "\(hexadecimal(digest.dropFirst(7)))|\(record.headers["WARC-Date"] ?? "")"
                #expect(row == [known])
                #expect(record.headers["WARC-Block-Digest"] == digest)
                let item = try #require(site.gallery.items.first { url.hasSuffix($0.path) })
                #expect(record.block == site.gallery.picture(of: item).bytes)
                #expect(record.headers["Content-Type"]?.hasPrefix("image/") == true)
            }
            // Each record is a member of its own, so that readers can begin at any; and twice is the same.
            let again = try await shell(
                "\"$0\" export pictures --format warc | cmp - all.warc.gz"
            )
            #expect(again.code == 0, "\(again.output)")
        }
    }

    @Test(.enabled(if: WebArchiveTests.hasWarcio, "warcio is not installed for python3"))
    func `another program reads the archive and finds every digest right`() async throws {
        try await withCrawl { _ in
            let check = try await shell(
                "\"$0\" export pictures --format warc > all.warc.gz && "
                    + "\(Self.python) -m warcio.cli check -v all.warc.gz && "
                    + "\(Self.python) -m warcio.cli index -f warc-type all.warc.gz"
            )
            #expect(check.code == 0, "\(check.output)\(check.errors)")
            #expect(check.output.components(separatedBy: "\"resource\"").count == 41)
            #expect(check.output.components(separatedBy: "\"response\"").count == 3)
            #expect(!check.output.contains("digest failed"))
        }
    }

    /// The Python that may have warcio; `MAGPIE_PYTHON` names another one.
    private static let python = ProcessInfo.processInfo.environment["MAGPIE_PYTHON"] ?? "python3"
    private static let hasWarcio: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, "-c", "import warcio"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test func `kept pages are read again by a mended recipe`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site, "keep_pages: true")
            let whole = try String(
                contentsOfFile: fixture.folder.path("site.yaml"),
                encoding: .utf8
            )
            try fixture.write(whole, to: "mended.yaml")
            try fixture.write(whole.replacing("a.col-xs-6", with: "a.gone"), to: "site.yaml")
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
            let asked = site.ledger.requests.count
            let arguments = ["reextract", "pictures", "--recipe", "mended.yaml"]
            let dies = try fixture.start(arguments, environment: ["MAGPIE_CRASH_AT": "rereading"])
            #expect(await dies.result().signal == SIGKILL)
            #expect(try await fixture.sql("select count(*) from image") == ["0"])
            let read = try await fixture.start(arguments).result()
            #expect(
                read.output
                    == "2 pages read again: 40 items, 40 new, and 0 new pages\nnext:   magpie resume pictures\n"
            )
            #expect(site.ledger.requests.count == asked)
            let again = try await fixture.magpie("reextract", "pictures", "--json")
            #expect(
                again.output
                    == "{\"failed\":0,\"items\":40,\"new_images\":0,\"new_pages\":0,\"pages\":2}\n"
            )
            #expect(try await fixture.magpie("resume", "pictures").code == 0)
            #expect(fixture.pictureFiles.count == 40)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)
        }
    }
}
