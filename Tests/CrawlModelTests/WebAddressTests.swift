import CrawlModel
import Testing

struct WebAddressTests {
    @Test(arguments: [
        ("http://Example.ORG", "http://example.org/"),
        ("HTTP://example.org:80/a", "http://example.org/a"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("  http://a.b/c d  ", "http://a.b/c%20d"),
        ("http://a.b/x\ny", "http://a.b/xy"),
        ("http:\\\\a.b\\c", "http://a.b/c"),
        ("http://a.b/a/./b/../c", "http://a.b/a/c"),
        ("http://a.b/../../c", "http://a.b/c"),
        ("http://a.b/a/..", "http://a.b/"),
        ("http://a.b/%7euser/%2f", "http://a.b/~user/%2F"),
        ("http://a.b/%zz", "http://a.b/%25zz"),
        ("http://a.b/图.jpg", "http://a.b/%E5%9B%BE.jpg"),
        ("http://a.b/p?q=a b&c=[1]#frag", "http://a.b/p?q=a%20b&c=[1]"),
        ("http://a.b?q", "http://a.b/?q"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
        ("http://a.b/x'y\"z", "http://a.b/x'y%22z"),
    ])
    func `equal addresses have one normal form`(written: String, normal: String) throws {
        let address = try WebAddress(written)
        #expect(address.description == normal)
        #expect(try WebAddress(normal) == address, "normal again changes nothing")
    }

    // RFC 3986, section 5.4, for the references that http allows.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"),
        (";x", "http://a/b/c/;x"), ("g;x?y#s", "http://a/b/c/g;x?y"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("..", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"), ("http:g", "http://a/b/c/g"),
    ])
    func `references resolve as RFC 3986 says`(reference: String, expected: String) throws {
        let base = try WebAddress("http://a/b/c/d;p?q")
        #expect(try WebAddress(reference, relativeTo: base).description == expected)
    }

    @Test(arguments: [
        "", "pic.jpg", "ftp://a.b/", "file:///etc/passwd", "javascript:alert(1)",
        "data:image/gif,x",
        "http://", "http:///path", "http://a b/", "http://user:pw@a.b/", "http://a.b:0/",
        "http://a.b:99999/", "http://a.b:x/", "http://a%00b/", "http://a%2fb/", "http://a\u{7F}/",
    ])
    func `what can't be asked for is refused`(text: String) {
        #expect(throws: AddressError.self) { try WebAddress(text) }
    }

    @Test func `the stored halves make the whole`() throws {
        let address = try WebAddress("http://a.b:81/pic/x/1.jpg?s=2")
        #expect(address.split.base == "http://a.b:81/pic/x/")
        #expect(address.split.rest == "1.jpg?s=2")
        #expect(address.authority == "a.b:81")
        #expect(address.lastPathComponent == "1.jpg")
    }

    @Test(
        arguments: [
            ("?page=1", 1, "?page=2"), ("?a=1&page=9&b=2", 50, "?a=1&page=59&b=2"),
            ("", 1, "?page=1"),
            ("?page=x&p", 3, "?page=3&p"), ("?p%61ge=5", 5, "?page=10"), ("?page", 2, "?page=2"),
        ]
    )
    func `a number is added to a parameter`(query: String, step: Int, expected: String) throws {
        let address = try WebAddress("http://a.test/list\(query)")
        #expect(address.adding(step, to: "page")?.description == "http://a.test/list\(expected)")
    }

    @Test func `a sum that is too large is none`() throws {
        let address = try WebAddress("http://a.test/?page=\(Int.max)")
        #expect(address.adding(1, to: "page") == nil)
    }
}
