import CrawlModel
import Testing

struct NetrcTests {
    private func login(_ text: String, _ host: String, isTrusted: Bool = true) throws -> String? {
        let address = try WebAddress("https://\(host)/x")
        return try Netrc(text).login(for: address, isTrusted: isTrusted).map {
            "\($0.user)|\($0.password)"
        }
    }

    @Test(
        arguments: [
            ("machine a.org login me password pw", "me|pw"),
            ("machine A.org\n\tlogin me\n\tpassword pw\n", "me|pw"),
            ("machine a.org:8443 login x password y machine a.org login me password pw", "me|pw"),
            ("machine a.org password pw login me account x", "me|pw"),
            ("machine a.org login me password pw machine a.org login you password b", "me|pw"),
            ("machine a.org login password password login", "password|login"),
            ("machine a.org login \"m e\" password \"p\\\"w\\\\\\n\\x\"", "m e|p\"w\\\nx"),
            ("# machine a.org login x\nmachine a.org login me # who\npassword pw", "me|pw"),
            ("machine a.org login me", "me|"), ("machine a.org password pw", "|pw"),
            ("machine a.org", nil), ("", nil), ("machine b.org login me password pw", nil),
            ("machine b.a.org login me password pw", nil),
            ("macdef init\nmachine a.org login x\n\nmachine a.org login me password pw", "me|pw"),
            ("machine b.org login x default login me password pw", "me|pw"),
            ("default login me password pw machine a.org login x password y", "me|pw"),
        ]
    )
    func `the first entry for a host counts`(text: String, expected: String?) throws {
        #expect(try login(text, "a.org") == expected)
    }

    @Test func `a default is for trusted hosts, and hides no entry from others`() throws {
        let text = "default login all password 1 machine a.org login me password pw"
        #expect(try login(text, "a.org", isTrusted: false) == "me|pw")
        #expect(try login(text, "b.org", isTrusted: false) == nil)
        #expect(try login(text, "b.org") == "all|1")
    }

    @Test(
        arguments: [
            "login me password secret", "machine", "machine a.org login", "secret",
            "machine a.org password \"secret", "machine a.org login me secret",
        ]
    )
    func `what is no netrc file is refused, and its words are not repeated`(text: String) {
        let problem = #expect(throws: RecipeProblem.self) { try Netrc(text) }
        #expect(problem?.what.contains("secret") == false)
        #expect(problem?.what.contains("line 1") == true)
    }

    @Test func `a login says nothing when it is printed`() {
        let login = Login("me:secret:word")
        #expect(login.user == "me")
        #expect(login.password == "secret:word")
        for text in ["\(login)", String(reflecting: login), "\([login])"] {
            #expect(!text.contains("secret") && !text.contains("me:"))
        }
    }
}
