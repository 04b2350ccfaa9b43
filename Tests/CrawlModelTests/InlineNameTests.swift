import CrawlModel
import Testing

/// Names of pictures that stand in pages.
struct InlineNameTests {
    private static let digits = String(repeating: "0a", count: 32)

    @Test(arguments: [.none] + ImageFormat.allCases.map(Optional.some))
    func `a name is read back as it was made`(format: ImageFormat?) throws {
        let digest = [UInt8](repeating: 0x0A, count: 32)
        let name = WebAddress(inlineDigest: digest, format: format)
        #expect(name.description.hasSuffix(";sha256=\(Self.digits),"))
        #expect(name.isInline)
        for read in [
            try WebAddress(stored: name.description),
            try #require(WebAddress(inlineName: name.description)),
        ] {
            #expect(read == name)
            #expect(read.host == WebAddress.inlineHost)
            #expect(read.split == name.split)
            #expect(read.lastPathComponent == name.lastPathComponent)
        }
    }

    @Test(arguments: [
        "data:", "data:,", "data:;base64,A", "data:image/png;base64,aaaa",
        "data:;sha256=\(digits)", "data:;sha256=\(digits),x", "data:;sha256=\(digits)0,",
        "data:;sha256=\(digits.uppercased()),", "data:text/html;sha256=\(digits),",
        "data:image/;sha256=\(digits),", "data:image/png;sha256=;sha256=\(digits),",
        "http://a.test/;sha256=\(digits),", "",
    ])
    func `nothing else is taken for one`(text: String) {
        #expect(WebAddress(inlineName: text) == nil)
        #expect((try? WebAddress(stored: text))?.isInline != true)
        #expect((try? WebAddress(text))?.isInline != true)
    }
}
