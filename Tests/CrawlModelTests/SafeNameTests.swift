import CrawlModel
import TestSupport
import Testing

struct SafeNameTests {
    @Test(
        arguments: [
            ("cat", "cat"), ("a/b\\c", "a_b_c"), ("../../escape", "_.._escape"), ("..", nil),
            (".", nil),
            ("", nil), (" . ", nil), (".hidden", "hidden"), ("name.", "name"), ("name ", "name"),
            ("a\u{0}b\u{1B}[31mc", "ab[31mc"), ("a\u{9B}b", "ab"),
            ("abc\u{202E}gpj.exe", "abcgpj.exe"),
            ("zero\u{200B}width", "zerowidth"), ("a\tb\n\nc", "a b c"), ("CON", "_CON"),
            ("con.txt", "_con.txt"), ("nul .x", "_nul .x"), ("COM1", "_COM1"),
            ("lpt9.tar.gz", "_lpt9.tar.gz"),
            ("company", "company"), ("a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"), ("e\u{301}", "\u{E9}"),
            ("lpt9.\u{FE0F}", "_lpt9.\u{FE0F}"), (".\u{301}hidden", "hidden"), ("\u{FE0F}a", "a"),
            ("\u{200D}", nil),
            ("\u{AC00}\u{FEFF}\u{11A8}", "\u{AC01}"), ("e\u{200B}\u{301}", "\u{E9}"),
            ("a\u{2003}\u{A0}b", "a b"),
            (String(repeating: ".", count: 5_000) + "cat", "cat"), ("...", nil), ("a. .", "a"),
            ("图片 一", "图片 一"), ("👨‍👩‍👧", "👨‍👩‍👧"), ("\u{3000}全\u{3000}", "全"),
        ] as [(String, String?)]
    )
    func `any text becomes a harmless name or none`(text: String, name: String?) {
        // As bytes, since strings that differ in form only are equal.
        #expect(SafeName(text).map { Array($0.description.utf8) } == name.map { Array($0.utf8) })
    }

    @Test func `a long name is cut between characters`() throws {
        let name = try #require(SafeName(String(repeating: "👨‍👩‍👧", count: 300))?.description)
        #expect(name.utf8.count <= SafeName.bytesMax)
        #expect(Set(name) == ["👨‍👩‍👧"])
    }

    @Test func `a character longer than a name is cut, too`() throws {
        let name = try #require(
            SafeName("a" + String(repeating: "\u{301}", count: 300))?.description
        )
        #expect(name.utf8.count == SafeName.bytesMax)
    }

    @Test func `a long name of a device still fits`() throws {
        let name = try #require(SafeName("con." + String(repeating: "x", count: 300))?.description)
        #expect(name.hasPrefix("_con.xx"))
        #expect(name.utf8.count == SafeName.bytesMax)
    }

    @Test func `a caption of megabytes is cut`() throws {
        let name = try #require(SafeName(String(repeating: "图", count: 3_000_000))?.description)
        #expect(name == String(repeating: "图", count: SafeName.bytesMax / 3))
    }

    @Test func `a name made again from itself is itself and stays harmless`() {
        var generator = SeededGenerator(for: "safe names")
        let pieces: [Unicode.Scalar] = [
            "a", "Z", "/", "\\", ".", " ", "\u{0}", "\u{1B}", "\u{85}", "\u{202E}", "\u{301}", "é",
            "\u{1100}", "\u{1161}", "图", "😀", "\u{200D}", "c", "o", "n", "1", ":", "\u{FEFF}",
            "\u{E0001}",
        ]
        for _ in 0..<4_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                if let piece = pieces.randomElement(using: &generator) { text.append(piece) }
            }
            guard let name = SafeName(String(text))?.description else { continue }
            #expect(SafeName(name)?.description == name, "from \(Array(text))")
            #expect(!name.isEmpty && name != "." && name != "..")
            #expect(!name.contains("/") && !name.hasPrefix(".") && !name.hasSuffix("."))
            #expect(name.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
    }
}
