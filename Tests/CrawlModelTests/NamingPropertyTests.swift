import CrawlModel
import Foundation
import TestSupport
import Testing

/// What holds of every name and path, whatever text they are made of.
struct NamingPropertyTests {
    @Test func `a name made of any text is harmless, and itself when made again`() {
        var generator = SeededGenerator(for: "names")
        for _ in 0..<4_000 {
            let text = HostileText.next(using: &generator)
            guard let name = SafeName(text)?.description else { continue }
            #expect(Harmless.complaint(about: name) == nil, "\(text.debugDescription)")
            #expect(name.utf8.count <= SafeName.bytesMax)
            #expect(
                SafeName(name)?.description.utf8.elementsEqual(name.utf8) == true,
                "\(text.debugDescription)"
            )
        }
    }

    @Test func `equal texts in any form make one name`() {
        var generator = SeededGenerator(for: "forms")
        for _ in 0..<800 {
            let text = HostileText.next(using: &generator)
            let composed = SafeName(text.precomposedStringWithCanonicalMapping)?.description
            let decomposed = SafeName(text.decomposedStringWithCanonicalMapping)?.description
            guard text.utf8.count < 200 else { continue }
            #expect(
                composed.map { Array($0.utf8) } == decomposed.map { Array($0.utf8) },
                "\(text.debugDescription)"
            )
        }
    }

    @Test func `a path made of any caption and address stays inside and is not magpie's own`()
        throws
    {
        var generator = SeededGenerator(for: "paths")
        let templates = try [
            "{name}{extension}", "set/{name}{extension}", "{name}/{name}", "x{name}y/{name}.png",
            "{name}", "magpie.db{name}/a", "a/magpie.db",
        ].map { try PathTemplate($0) }
        for _ in 0..<800 {
            let caption = HostileText.next(using: &generator)
            let address = try? WebAddress("http://a.test/\(HostileText.next(using: &generator))")
            for template in templates {
                let path = template.path(name: caption, address: address)
                let components = path.description.split(
                    separator: "/",
                    omittingEmptySubsequences: false
                ).map(String.init)
                #expect(components.count == template.text.split(separator: "/").count)
                for component in components {
                    #expect(
                        Harmless.complaint(about: component) == nil,
                        "\(caption.debugDescription) \(template.text)"
                    )
                }
                #expect(
                    components[0].lowercased() != ".magpie"
                        && !components[0].lowercased().hasPrefix("magpie.db")
                )
                #expect(template.path(name: caption, address: address) == path, "the same again")
                let numbered = path.numbered(Int.random(in: 2...1_000_000, using: &generator))
                #expect(Harmless.complaint(about: numbered.stem + numbered.extensionName) == nil)
                #expect(ImageFormat.extensionName(ofFile: path.extensionName) == path.extensionName)
            }
        }
    }

    @Test func `keys do not tell case or form apart`() {
        var generator = SeededGenerator(for: "keys")
        for _ in 0..<800 {
            guard let name = SafeName(HostileText.next(using: &generator))?.description else {
                continue
            }
            let key = Array(ImagePath.key(of: name).utf8)
            for twin in [
                name.lowercased(), name.decomposedStringWithCanonicalMapping,
                ImagePath.key(of: name),
            ] {
                #expect(
                    Array(ImagePath.key(of: twin).utf8) == key,
                    "\(name.debugDescription) \(twin.debugDescription)"
                )
            }
            // Capital letters of the dotless i are those of the other: no file system takes them for one.
            if !name.unicodeScalars.contains("ı") {
                #expect(
                    Array(ImagePath.key(of: name.uppercased()).utf8) == key,
                    "\(name.debugDescription)"
                )
            }
        }
    }

    @Test(arguments: [
        ("Cat", "cat"), ("STRASSE", "straße"), ("ΣΑΣ", "σας"), ("É", "e\u{301}"), ("\u{212B}", "å"),
        ("K", "\u{212A}"), ("ﬁ", "FI"), ("图", "图"),
    ])
    func `twins have one key`(one: String, other: String) {
        #expect(ImagePath.key(of: one) == ImagePath.key(of: other))
    }

    @Test func `what is taken for steady is so`() {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x33FF, 0x3400...0x3500, 0xABF0...0xAC80, 0x1F2F0...0x1FB00,
        ]
        for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
            let text = "a\(scalar)"
            let name = SafeName("a\(scalar)b")?.description ?? ""
            #expect(Harmless.complaint(about: name) == nil, "\(scalar.value)")
            let folded = text.folding(options: .caseInsensitive, locale: nil)
                .precomposedStringWithCanonicalMapping
            #expect(ImagePath.key(of: text).utf8.elementsEqual(folded.utf8), "\(scalar.value)")
        }
    }

    @Test(arguments: [("a", "b"), ("ı", "i"), ("e", "é"), ("a b", "ab"), ("A1", "A2")])
    func `names that differ have different keys`(one: String, other: String) {
        #expect(ImagePath.key(of: one) != ImagePath.key(of: other))
    }
}
