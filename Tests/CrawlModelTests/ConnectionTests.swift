import CrawlModel
import Testing

/// The recipe's `connection` and its headers, which hold no secrets.
struct ConnectionTests {
    private func read(_ more: String) throws -> Recipe {
        let text = """
            pages: "https://a.org/"
            item: { each: a, image: "img::attr(src)" }
            \(more)
            """
        return try RecipeReader.read(text, file: "site.yaml")
    }

    @Test func `all of it can be written`() throws {
        let recipe = try read(
            """
            connection:
              proxy: "socks5h://127.0.0.1:1080"
              netrc: ~/.netrc
              cookies: cookies.txt
              authorities: ca.pem
              certificate: me.pem
              key: me.key
            headers:
              Authorization: { environment: TOKEN }
              cookie: { file: cookie.txt }
              X-Key: open
            """
        )
        var connection = Connection()
        connection.proxy = .address("socks5h://127.0.0.1:1080")
        connection.netrc = "~/.netrc"
        connection.cookies = "cookies.txt"
        connection.authorities = "ca.pem"
        connection.certificate = "me.pem"
        connection.key = "me.key"
        #expect(recipe.connection == connection)
        #expect(recipe.headers == [HeaderField("X-Key", "open")])
        #expect(recipe.secretHeaders.map(\.name) == ["Authorization", "cookie"])
        #expect(recipe.secretHeaders.map(\.place) == [.environment("TOKEN"), .file("cookie.txt")])
    }

    @Test(arguments: ["environment", "none", "http://proxy:3128", "https://p", "socks4a://h:1"])
    func `a proxy is a word or an address`(proxy: String) throws {
        let expected: ProxyRule =
            switch proxy {
            case "environment": .environment
            case "none": .none
            default: .address(proxy)
            }
        #expect(try read("connection: { proxy: \"\(proxy)\" }").connection.proxy == expected)
        #expect(try read("").connection == Connection())
    }

    @Test(
        arguments: [
            "connection: { proxy: \"http://me:secret@proxy:3128\" }",
            "connection: { proxy: \"me:secret@proxy\" }",
            "headers: { Cookie: \"session=secret\" }",
            "headers: { AUTHORIZATION: \"Bearer secret\" }",
            "headers: { Proxy-Authorization: \"Basic secret\" }",
            "headers: { Proxy-Authorization: { file: x } }",
            "pages2: 1\nheaders: { Cookie: secret }",
        ]
    )
    func `a secret in a recipe is refused and not repeated`(more: String) {
        let error = #expect(throws: RecipeError.self) { try read(more) }
        #expect(
            error.map { !"\($0)".contains("secret") || "\($0)".contains("is a secret") } == true
        )
        #expect(error.map { !"\($0)".contains(":secret") && !"\($0)".contains("=secret") } == true)
    }

    @Test func `an address with a password is refused and not repeated`() {
        let text =
            "pages: \"http://me:secret@a.org/\"\nitem: { each: a, image: \"img::attr(src)\" }"
        let error = #expect(throws: RecipeError.self) {
            try RecipeReader.read(text, file: "site.yaml")
        }
        #expect(error.map { "\($0)".contains("user and password") } == true)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test(
        arguments: [
            "connection: { proxy: ftp://h }", "connection: { proxy: \"proxy:3128\" }",
            "connection: { proxy: \"http://\" }", "connection: { proxi: none }",
            "connection: { key: x.pem }", "connection: 5", "headers: { X-Key: { file: x } }",
            "headers: { Cookie: { files: x } }", "headers: { Cookie: {} }",
        ]
    )
    func `what can't be used is refused with its line`(more: String) {
        let error = #expect(throws: RecipeError.self) { try read(more) }
        #expect(error?.line == 3)
    }

    @Test func `an empty header takes it away still`() throws {
        let headers = try read("headers: { Cookie: \"\", User-Agent: me }").headers
        #expect(headers == [HeaderField("Cookie", ""), HeaderField("User-Agent", "me")])
    }

    @Test(
        arguments: [
            ("500", 500), ("500K", 500_000), ("1.5MB", 1_500_000), ("2 GB", 2_000_000_000),
            ("1k", 1000), ("3T", 3_000_000_000_000), ("7B", 7), ("0", nil), ("-1", nil),
            ("5X", nil), ("", nil), ("K", nil), ("1e3", nil),
        ]
    )
    func `sizes are read as people write them`(text: String, bytes: Int?) {
        #expect(Amount.bytes(text) == bytes)
    }

    @Test(
        arguments: [
            ("90m", 5400), ("1.5s", 1.5), ("500ms", 0.5), ("2h", 7200), ("3d", 259_200),
            ("0s", nil), ("5", nil), ("soon", nil), ("", nil),
        ]
    )
    func `times are read as people write them`(text: String, seconds: Double?) {
        #expect(Amount.duration(text) == seconds.map { .seconds($0) })
    }
}
