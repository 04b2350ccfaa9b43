import CrawlModel
import Foundation
import TestSupport
import Testing

/// Addresses as browsers forgive them (WHATWG URL), and what must hold of any.
struct WebAddressOddityTests {
    @Test(arguments: [
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/./x", "http://a/b/c/g"),
        ("g#s/../x", "http://a/b/c/g"), ("../../../../g", "http://a/g"),
        ("/../g", "http://a/g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"),
        ("./", "http://a/b/c/"), ("../", "http://a/b/"), ("../../", "http://a/"),
        ("g?y#s", "http://a/b/c/g?y"), ("http://x/y", "http://x/y"),
    ])
    func `the abnormal examples of RFC 3986 resolve as it says`(reference: String, expected: String)
        throws
    {
        let base = try WebAddress("http://a/b/c/d;p?q")
        #expect(try WebAddress(reference, relativeTo: base).description == expected)
    }

    @Test(
        arguments: [
            ("\\\\x\\y", "http://x/y"), ("\\y", "http://a/y"), ("..\\y", "http://a/b/y"),
            ("\t/y\n", "http://a/y"), ("//x:80/y", "http://x/y"),
            ("//x:443/y", "http://x:443/y"), ("%2e%2E/y", "http://a/b/y"),
            (".%2e/y", "http://a/b/y"), ("%2e/y", "http://a/b/c/y"), ("//", nil), ("///y", nil),
            ("HTTP:y", "http://a/b/c/y"), ("https:y", nil), ("y:z", nil),
            ("./y:z", "http://a/b/c/y:z"), ("?", "http://a/b/c/d;p?"),
            ("y?a?b", "http://a/b/c/y?a?b"),
            ("y?图#x", "http://a/b/c/y?%E5%9B%BE"), ("//图.test/", "http://xn--wcs.test/"),
            ("//XN--abc.test", "http://xn--abc.test/"), ("//a%2eb/", "http://a.b/"),
            ("//x:/y", "http://x/y"), ("//x:00080/", "http://x/"),
            ("//x:65535/", "http://x:65535/"), ("//x:65536/", nil), ("//x:-1/", nil),
            ("//x:8a/", nil),
            ("//[::1]/", "http://[::1]/"), ("//[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
            ("//[::1/", nil), ("//::1/", nil), ("//a]b/", nil),
            ("//[a]/", nil), ("//[::1]x/", nil), ("//x:1:2/", nil), ("//a@b/", nil),
            ("//a%40b/", nil), ("//a%0ab/", nil), ("//%FF/", nil), ("//a b/", nil), ("//a<b/", nil),
            ("//192.168.0.1/", "http://192.168.0.1/"), ("//x./", "http://x./"),
            ("y\u{0}z", "http://a/b/c/y%00z"), ("%00", "http://a/b/c/%00"),
            ("a%2Fb", "http://a/b/c/a%2Fb"),
            ("{}|^`\"<>", "http://a/b/c/%7B%7D%7C%5E%60%22%3C%3E"),
            ("?{}|^`\"<>", "http://a/b/c/d;p?%7B%7D|%5E%60%22%3C%3E"), ("%", "http://a/b/c/%25"),
            ("%4", "http://a/b/c/%254"),
        ] as [(String, String?)]
    )
    func `oddities are read as browsers do, or refused`(reference: String, expected: String?) throws
    {
        let base = try WebAddress("http://a/b/c/d;p?q")
        #expect((try? WebAddress(reference, relativeTo: base))?.description == expected)
    }

    @Test func `an address is its own normal form, whatever it was made of`() throws {
        var generator = SeededGenerator(for: "addresses")
        let base = try WebAddress("https://base.test:8443/a/b?c")
        for _ in 0..<1_500 {
            let text = HostileText.next(using: &generator)
            for written in [text, "http://a.test/\(text)", "//\(text)/x", "http://a.test/?\(text)"]
            {
                guard let address = try? WebAddress(written, relativeTo: base) else { continue }
                let normal = address.description
                #expect(
                    (try? WebAddress(normal))?.description.utf8.elementsEqual(normal.utf8) == true,
                    "\(written.debugDescription)"
                )
                #expect(address.scheme == "http" || address.scheme == "https")
                #expect(
                    address.target.utf8.allSatisfy { (0x21...0x7E).contains($0) },
                    "\(written.debugDescription)"
                )
                #expect(
                    !address.host.unicodeScalars.contains {
                        "/\\@?# \r\n\t\0".unicodeScalars.contains($0)
                    }
                )
                #expect(
                    address.path.hasPrefix("/") && !address.path.contains("/../")
                        && !address.path.contains("/./")
                )
                #expect(address.split.base + address.split.rest == normal)
            }
        }
    }
}
