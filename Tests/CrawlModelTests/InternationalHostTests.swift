import CrawlModel
import Testing

struct InternationalHostTests {
    @Test(
        arguments: [
            ("münchen.de", "xn--mnchen-3ya.de"), ("MÜNCHEN.DE", "xn--mnchen-3ya.de"),
            ("mu\u{308}nchen.de", "xn--mnchen-3ya.de"), ("m%C3%BCnchen.de", "xn--mnchen-3ya.de"),
            ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"), ("XN--Mnchen-3ya.de", "xn--mnchen-3ya.de"),
            ("faß.de", "xn--fa-hia.de"), ("bücher.example", "xn--bcher-kva.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("图片.中国", "xn--wcsw84d.xn--fiqs8s"),
            ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
            ("실례.테스트", "xn--9n2bp8q.xn--9t4b11yi5a"), ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
            ("so\u{AD}ft.de", "soft.de"), ("ελλάδα.gr", "xn--hxakic4aa.gr"),
            ("☃.net", "xn--n3h.net"),
            ("a.b.mañana.com", "a.b.xn--maana-pta.com"), ("💩.la", "xn--ls8h.la"),
        ]
    )
    func `a host in any script has one form`(written: String, ascii: String) throws {
        let address = try WebAddress("http://\(written):80/č")
        #expect(address.description == "http://\(ascii)/%C4%8D")
        #expect(address.host == ascii)
        #expect(try WebAddress(address.description) == address)
    }

    @Test(arguments: [
        "\u{308}a.de", "ä℀b.de", "ä？.de", "ä:b.de", "ä．．％.de",
        String(repeating: "ä", count: 64) + ".de",
        String(repeating: "ä", count: 100_000), "\u{AD}", "ä b.de",
    ])
    func `what can be no host in any script is refused`(host: String) {
        #expect(throws: AddressError.self) { try WebAddress("http://\(host)/") }
    }
}
