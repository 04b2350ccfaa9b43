import Decoding
import Foundation
import SampleSite
import TestSupport
import Testing

private let isDecoderInstalled = (try? PictureDecoder()) != nil

/// `verify --decode` with the real decoder; without it these are skipped.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled(if: isDecoderInstalled, "libgd3 is not installed")
)
struct DecodeCommandTests {
    private let fixture = CommandFixture()

    /// A JPEG with its end, but without its pixels.
    private static let hollow = Array(Picture(.jpeg, number: 1).bytes.dropLast(5)) + [0xFF, 0xD9]

    private static func answer(_ bytes: [UInt8]) -> SampleSite.Response {
        SampleSite.Response(headers: ["Content-Type": "image/jpeg"], body: bytes)
    }

    @Test func `every picture of a gallery is decoded`() async throws {
        try await SampleSite.serve(Gallery(pages: 2)) { site in
            try fixture.writeRecipe(of: site)
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
        }
        let verify = try await fixture.magpie("verify", "pictures", "--decode")
        #expect(verify.output == "40 files checked, 40 decoded, 0 violations\n", "\(verify.errors)")
        #expect(verify.code == 0)
        #expect(verify.errors == "")
    }

    @Test func `an undecodable picture is told, fetched once more, and then left alone`()
        async throws
    {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            let bad = site.gallery.items[4].path
            let good = site.gallery.items[5].path
            for path in [bad, good] { site.fault(.answer(Self.answer(Self.hollow)), at: path) }
            #expect(try await fixture.magpie("crawl", "site.yaml", "--into", "pictures").code == 0)
            #expect(try await fixture.magpie("verify", "pictures").code == 0)

            let found = try await fixture.magpie("verify", "pictures", "--decode", "--json")
            #expect(found.code == 20)
            let lines = found.output.split(separator: "\n")
            try #require(lines.count == 3, "\(found.output)")
            #expect(lines[0].contains("\"kind\":\"undecodable_picture\""))
            #expect(lines[0].contains("premature end"))
            #expect(lines[2].contains("\"decoded\":18"))

            site.fault(nil, at: good)
            let mended = try await fixture.magpie("verify", "pictures", "--decode", "--repair")
            #expect(mended.code == 0)
            #expect(mended.output.contains("20 files checked, 18 decoded, 2 violations, 2 mended"))
            #expect(try await fixture.magpie("resume", "pictures").code == 0)

            // One came whole. The other came as before: it is what the site has.
            let again = try await fixture.magpie("verify", "pictures", "--decode", "--repair")
            #expect(again.code == 20)
            #expect(again.output.contains("19 decoded, 1 violation, 0 mended"))
            #expect(try await fixture.sql("select count(*) from downloads") == ["20"])
            #expect(site.ledger.count(bad) == 2)
        }
    }
}
