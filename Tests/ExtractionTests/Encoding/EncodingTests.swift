import CrawlModel
import Extraction
import Testing

/// A page with one caption, in an encoding: the bytes are written down, not made by a converter.
struct EncodingTests {
    private let item = "{ each: img, image: '::attr(src)', name: '::attr(alt)' }"
    private let regex = "{ regex: 'src=\"(?<image>[^\"]*)\" alt=\"(?<name>[^\"]*)\"' }"

    /// A page with these bytes as caption, and what stands in its head.
    private func page(_ caption: [UInt8], head: String = "") -> [UInt8] {
        Array("<html><head>\(head)</head><body><img src=\"/a.jpg\" alt=\"".utf8) + caption
            + Array("\"><p>end</p></body></html>".utf8)
    }

    /// Caption and encoding, which are the same for a selector and a pattern.
    private func read(_ page: [UInt8], _ contentType: String?) throws -> [String] {
        let address = try WebAddress("http://site.test/")
        let one = try Extractor(item: item).read(page, contentType: contentType, address: address)
        let two = try Extractor(item: regex).read(page, contentType: contentType, address: address)
        #expect(one == two, "a selector and a pattern read the same page")
        #expect(one.items.map(\.address) == ["http://site.test/a.jpg"])
        return one.items.map(\.name) + [one.encoding]
    }

    private static let captions: [(label: String, name: String, bytes: [UInt8], caption: String)] =
        [
            ("utf-8", "utf-8", Array("图片 😀 é".utf8), "图片 😀 é"),
            ("gbk", "gb18030", [0xCD, 0xBC, 0xC6, 0xAC], "图片"),
            ("GB2312", "gb18030", [0xCD, 0xBC, 0xC6, 0xAC], "图片"),
            ("gb18030", "gb18030", [0x94, 0x39, 0xFC, 0x36, 0xCD, 0xBC], "😀图"),
            ("big5", "big5", [0xB9, 0xCF, 0xA4, 0xF9], "圖片"),
            ("shift_jis", "shift_jis", [0x89, 0xE6, 0x91, 0x9C], "画像"),
            ("euc-kr", "euc-kr", [0xB1, 0xD7, 0xB8, 0xB2], "그림"),
            ("windows-1251", "windows-1251", [0xCA, 0xEE, 0xF2], "Кот"),
            ("koi8-r", "koi8-r", [0xEB, 0xCF, 0xD4], "Кот"),
            ("iso-8859-1", "windows-1252", [0x63, 0x61, 0x66, 0xE9, 0x93, 0x78, 0x94], "café“x”"),
            ("euc-jp", "euc-jp", [0xB2, 0xE8, 0xC1, 0xFC], "画像"),
            (
                "iso-2022-jp", "iso-2022-jp",
                [0x1B, 0x24, 0x42, 0x32, 0x68, 0x41, 0x7C, 0x1B, 0x28, 0x42], "画像"
            ),
            ("windows-874", "windows-874", [0xE1, 0xC1, 0xC7], "แมว"),
            ("latin2", "iso-8859-2", [0xB1, 0xE6], "ąć"),
        ]

    @Test(arguments: captions)
    func `the header says the encoding`(
        label: String,
        name: String,
        bytes: [UInt8],
        caption: String
    ) throws {
        for header in [
            "text/html; charset=\(label)", "text/html;charset=\"\(label)\"",
            "TEXT/HTML; CHARSET = '\(label)' ; x=y",
        ] {
            #expect(try read(page(bytes), header) == [caption, name])
        }
    }

    @Test(arguments: captions)
    func `the page says the encoding`(label: String, name: String, bytes: [UInt8], caption: String)
        throws
    {
        for head in [
            "<meta charset=\(label)>", "<META CHARSET='\(label)' />",
            "<meta name=x content=y><meta charset = \"\(label)\">",
            "<meta http-equiv=Content-Type content=\"text/html; charset=\(label)\">",
            "<meta content='text/html;charset=\(label)' http-equiv='content-type'>",
            "<!-- <meta charset=koi8-u> --><title>t</title><script>'<'</script><meta charset=\(label)>",
        ] {
            #expect(try read(page(bytes, head: head), "text/html") == [caption, name], "\(head)")
        }
    }

    @Test func `every page reads the same in each encoding of Unicode`() throws {
        let text = String(decoding: page(Array("图片 😀 é".utf8)), as: UTF8.self)
        let utf8 = Array(text.utf8)
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let wrong = "text/html; charset=big5"
        for (bytes, contentType, name) in [
            (utf8, nil, "utf-8"), ([0xEF, 0xBB, 0xBF] + utf8, nil, "utf-8"),
            ([0xEF, 0xBB, 0xBF] + utf8, wrong, "utf-8"),
            ([0xFF, 0xFE] + little, nil, "utf-16le"), ([0xFF, 0xFE] + little, wrong, "utf-16le"),
            ([0xFE, 0xFF] + big, wrong, "utf-16be"),
            (little, "text/html; charset=utf-16", "utf-16le"),
            (little, "text/html; charset=utf-16le", "utf-16le"),
            (big, "text/html; charset=UTF-16BE", "utf-16be"),
        ] {
            #expect(try read(bytes, contentType) == ["图片 😀 é", name])
        }
    }

    @Test(
        arguments: [
            (nil, "", "utf-8"), ("text/html", "", "utf-8"), ("text/html; charset=", "", "utf-8"),
            ("text/html; charset=nonsense", "", "utf-8"),
            ("nonsense", "", "utf-8"), ("text/html; charset=utf8", "<meta charset=gbk>", "utf-8"),
            ("text/html", "<meta charset=utf-16>", "utf-8"),
            ("text/html; charset=nonsense", "<meta charset=utf-8>", "utf-8"),
            (nil, "<meta charset=nonsense>", "utf-8"), (nil, "<meta charset>", "utf-8"),
            (nil, "<meta name=charset content=gbk>", "utf-8"),
            (nil, "<meta http-equiv=refresh content='0; charset=gbk'>", "utf-8"),
            (nil, "<title>charset=gbk</title>", "utf-8"), (nil, "<metax charset=gbk>", "utf-8"),
            (nil, "<!-- <meta charset=gbk>", "utf-8"), (nil, "<meta charset='gbk", "utf-8"),
        ] as [(String?, String, String)]
    )
    func `a declaration that is missing or wrong is not believed`(
        contentType: String?,
        head: String,
        name: String
    ) throws {
        let isOpen = head.contains("<!-- ") || head.hasSuffix("'gbk")
        let page =
            isOpen ? page(Array("图片".utf8)) + Array(head.utf8) : page(Array("图片".utf8), head: head)
        #expect(try read(page, contentType) == ["图片", name])
    }

    @Test func `a page of no known encoding is Western`() throws {
        #expect(try read(page([0x63, 0xE9]), nil) == ["cé", "windows-1252"])
        #expect(try read(page(Array("plain".utf8)), nil) == ["plain", "utf-8"])
    }

    @Test func `a page that is UTF-8 but for a few bytes is UTF-8`() throws {
        #expect(try read(page(Array("图片".utf8) + [0xFF]), nil) == ["图片\u{FFFD}", "utf-8"])
    }

    @Test(
        arguments: [
            ("utf-8", [0x61, 0xFF, 0x62], "a\u{FFFD}b"), ("utf-8", [0xE5, 0x9B], "\u{FFFD}"),
            ("utf-8", [0x61, 0x00, 0x62], "ab"),
            ("utf-8", [0xED, 0xA0, 0x80, 0x61], "\u{FFFD}\u{FFFD}\u{FFFD}a"),
            ("gbk", [0xFF, 0x61], "\u{FFFD}a"), ("gbk", [0x61, 0x00, 0x62], "ab"),
            ("big5", [0xFF, 0x61], "\u{FFFD}a"), ("shift_jis", [0xFD, 0x61], "\u{FFFD}a"),
            ("euc-kr", [0xFF, 0x61], "\u{FFFD}a"), ("windows-1251", [0x98, 0x61], "\u{FFFD}a"),
            ("us-ascii", [0xE9], "é"), ("iso-2022-jp", [0xE9, 0x61], "\u{FFFD}a"),
        ] as [(String, [UInt8], String)]
    )
    func `bytes that mean nothing become a mark and harm nothing else`(
        label: String,
        bytes: [UInt8],
        caption: String
    ) throws {
        #expect(try read(page(bytes), "text/html; charset=\(label)").first == caption)
    }

    @Test(
        arguments: [
            ("gbk", 0x84), ("gb18030", 0x84), ("big5", 0xA4), ("shift_jis", 0x84), ("euc-kr", 0xB0),
            ("euc-jp", 0xB0), ("utf-8", 0xE5),
        ] as [(String, UInt8)]
    )
    func `half a character does not swallow the mark behind it`(label: String, lead: UInt8) throws {
        let contentType = "text/html; charset=\(label)"
        #expect(try read(page([0x61, lead]), contentType).first == "a\u{FFFD}")
    }

    @Test(arguments: [
        "gbk", "gb18030", "big5", "shift_jis", "euc-kr", "euc-jp", "utf-16le", "windows-1258",
        "utf-8",
    ])
    func `a page may end anywhere`(label: String) throws {
        let extractor = try Extractor(item: "{ regex: '(?<image>.+)' }")
        let address = try WebAddress("http://site.test/")
        let contentType = "text/html; charset=\(label)"
        let whole =
            label == "utf-16le"
            ? Array("cafe".utf16.flatMap { [UInt8($0), 0] }) : Array("cafe".utf8)
        let reading = try extractor.read(whole, contentType: contentType, address: address)
        #expect(reading.discoveries.map(\.reference) == ["cafe"])
        let half = try extractor.read(whole + [0x84], contentType: contentType, address: address)
        #expect(half.discoveries.first?.reference.hasPrefix("cafe") == true)
        #expect(half.discoveries.first?.reference.unicodeScalars.count == 5)
    }

    @Test func `accents of their own are joined at the end of a page, too`() throws {
        let extractor = try Extractor(item: "{ regex: '(?<image>.+)' }")
        let reading = try extractor.read(
            [0x61, 0xF2],
            contentType: "text/html; charset=windows-1258",
            address: WebAddress("http://site.test/")
        )
        #expect(
            reading.discoveries.map(\.reference).map { Array($0.unicodeScalars) } == [["\u{1EA1}"]]
        )
    }

    @Test func `a declaration far down is found, one below that is not`() throws {
        let far = "<!--" + String(repeating: "x", count: 8_000) + "--><meta charset=gbk>"
        #expect(try read(page([0xB2, 0xE8], head: far), nil) == ["茶", "gb18030"])
        let farther = "<!--" + String(repeating: "x", count: 9_000) + "--><meta charset=gbk>"
        #expect(try read(page([0xB2, 0xE8], head: farther), nil).last == "windows-1252")
    }

    @Test func `one extractor reads pages of many encodings one after the other`() throws {
        let extractor = try Extractor(item: item)
        let address = try WebAddress("http://site.test/")
        for _ in 1...3 {
            for (label, name, bytes, caption) in Self.captions {
                let reading = try extractor.read(
                    page(bytes),
                    contentType: "text/html; charset=\(label)",
                    address: address
                )
                #expect(reading.items.map(\.name) == [caption] && reading.encoding == name)
            }
        }
    }
}
