import Foundation
import SampleSite
import TestSupport
import Testing

/// Secrets are used, and stand nowhere but in the files and variables they come from.
@Suite(.timeLimit(.minutes(2)))
struct SecretTests {
    private let fixture = CommandFixture()

    /// Words that must stand nowhere.
    private static let secrets = ["hush-password", "hush-cookie", "hush-token", "hush-proxy"]
    private static let login = "me:hush-password"

    private static func basic(_ login: String) -> String {
        "Basic \(Data(login.utf8).base64EncodedString())"
    }

    /// Every byte that magpie has written, and what it says of itself while it runs.
    private func expectSilence(
        _ texts: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let inputs: Set = ["netrc", "cookies.txt", "token"]
        let files = fixture.folder.files().filter { !inputs.contains($0) }
        let all = files.compactMap { FileManager.default.contents(atPath: fixture.folder.path($0)) }
        for word in Self.secrets + [Self.basic(Self.login), Self.basic("me:hush-proxy")] {
            for text in texts {
                #expect(!text.contains(word), "\(word)", sourceLocation: sourceLocation)
            }
            for (file, bytes) in zip(files, all) {
                let found = bytes.range(of: Data(word.utf8))
                #expect(found == nil, "\(word) in \(file)", sourceLocation: sourceLocation)
            }
        }
    }

    private func writeSecrets(for site: SampleSite) throws {
        try fixture.write("machine 127.0.0.1 login me password hush-password\n", to: "netrc")
        let cookie = "127.0.0.1\tFALSE\t/\tFALSE\t4000000000\tsession\thush-cookie"
        try fixture.write("# Netscape HTTP Cookie File\n\(cookie)\n", to: "cookies.txt")
        try fixture.write("Bearer hush-token\n", to: "token")
    }

    @Test func `logins and cookies are used by every request and written nowhere`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 6), hosts: 2) { site in
            try writeSecrets(for: site)
            try fixture.writeRecipe(of: site)
            let elsewhere = "http://127.0.0.2:\(site.port)/elsewhere"
            site.fault(.redirect(to: elsewhere), at: site.gallery.items[3].path)
            site.fault(.status(401), at: site.gallery.items[4].path)
            let held = site.gallery.items[5].path
            site.hold(held)
            let words = [
                "crawl", "site.yaml", "--into", "pictures", "--netrc", "netrc", "--cookies",
                "cookies.txt",
            ]
            let crawl = try fixture.start(words)
            try await site.requested(held)
            let pid = crawl.pid
            let line = try String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)
            expectSilence([line])
            site.release(held)
            let result = await crawl.result()
            #expect(result.code == 3)
            #expect(
                result.output.contains(
                    "next:   magpie retry pictures --cookies cookies.txt --netrc netrc\n"
                )
            )
            let status = try await fixture.magpie("status", "pictures", "--json")
            let history = try await fixture.magpie("history", "pictures", "--json")
            expectSilence([result.output, result.errors, status.output, history.output])

            #expect(site.ledger.requests.contains { $0.target == "/robots.txt" })
            for request in site.ledger.requests {
                let isHome = request.host == "127.0.0.1"
                let login = isHome ? Self.basic(Self.login) : nil
                #expect(request.headers["Authorization"] == login, "\(request.target)")
                let cookie = isHome ? "session=hush-cookie" : nil
                #expect(request.headers["Cookie"] == cookie, "\(request.target)")
            }
            #expect(site.ledger.requests.contains { $0.host == "127.0.0.2" })
        }
    }

    @Test(arguments: [true, false])
    func `the default of a netrc file is for the start pages' hosts`(isOption: Bool) async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3), hosts: 2) { site in
            try fixture.write("default login me password hush-password\n", to: "netrc")
            try fixture.writeRecipe(of: site, isOption ? "" : "connection: { netrc: netrc }")
            let elsewhere = "http://127.0.0.2:\(site.port)/elsewhere"
            site.fault(.redirect(to: elsewhere), at: site.gallery.items[1].path)
            let words = ["crawl", "site.yaml", "--into", "pictures"]
            _ = try await fixture.start(words + (isOption ? ["--netrc", "netrc"] : [])).result()
            #expect(site.ledger.requests.contains { $0.host == "127.0.0.2" })
            for request in site.ledger.requests {
                let login = request.host == "127.0.0.1" ? Self.basic(Self.login) : nil
                #expect(request.headers["Authorization"] == login, "\(request.target)")
            }
        }
    }

    @Test func `a header may stand in a file or a variable, beside the recipe`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 2)) { site in
            try writeSecrets(for: site)
            try fixture.writeRecipe(
                of: site,
                "headers: { Authorization: { file: token }, Cookie: { environment: MY_COOKIE } }"
            )
            let words = ["crawl", "site.yaml", "--into", "pictures"]
            let without = try await fixture.start(words).result()
            #expect(without.code == 64)
            #expect(without.errors.contains("the variable MY_COOKIE is not set"))
            #expect(site.ledger.requests.isEmpty)

            let crawl = try fixture.start(words, environment: ["MY_COOKIE": "a=hush-cookie"])
            let result = await crawl.result()
            #expect(result.code == 0)
            expectSilence([result.output, result.errors])
            for request in site.ledger.requests {
                #expect(request.headers["Authorization"] == "Bearer hush-token")
                #expect(request.headers["Cookie"] == "a=hush-cookie")
            }
        }
    }

    @Test(arguments: ["recipe", "environment"])
    func `every request goes by the proxy, robots txt too`(place: String) async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3)) { site in
            let proxy = try ProxyServer(login: "me:hush-proxy")
            defer { proxy.end() }
            var environment = ["MAGPIE_PROXY_LOGIN": "me:hush-proxy"]
            if place == "recipe" {
                let address = "http://127.0.0.1:\(proxy.port)"
                try fixture.writeRecipe(of: site, "connection: { proxy: \"\(address)\" }")
            } else {
                try fixture.writeRecipe(of: site)
                environment["http_proxy"] = "http://me:hush-proxy@127.0.0.1:\(proxy.port)"
            }
            let crawl = try fixture.start(
                ["crawl", "site.yaml", "--into", "pictures"],
                environment: environment
            )
            let result = await crawl.result()
            #expect(result.code == 0)
            expectSilence([result.output, result.errors])
            let asked = site.ledger.requests.map { "GET \(site.address(of: $0.target))" }
            #expect(asked.contains("GET \(site.address(of: "/robots.txt"))"))
            #expect(proxy.log.sorted() == asked.sorted())
            #expect(Set(proxy.logins) == [Self.basic("me:hush-proxy")])
            #expect(site.ledger.requests.allSatisfy { $0.headers["Proxy-Authorization"] == nil })
        }
    }

    @Test func `a proxy that is not there is told without its login`() async throws {
        try await SampleSite.serve(Gallery(pages: 1, itemsPerPage: 3)) { site in
            let proxy = try ProxyServer()
            proxy.end()
            let retries = "retries: { connect: 1, dns: 1, reset: 1 }\nrobots: ignore"
            try fixture.writeRecipe(of: site, retries)
            let crawl = try fixture.start(
                ["crawl", "site.yaml", "--into", "pictures"],
                environment: ["http_proxy": "http://me:hush-proxy@127.0.0.1:\(proxy.port)"]
            )
            let result = await crawl.result()
            #expect(result.code == 3)
            expectSilence([result.output, result.errors])
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("--netrc", "machine a login x hush-password"), ("--netrc", "hush-password"),
            ("--cookies", "hush-cookie"), ("--cookies", "# Netscape HTTP Cookie File\n"),
        ]
    )
    func `a file that can't be used is named and not repeated`(
        option: String,
        text: String
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site)
            try fixture.write(text, to: "netrc")
            for file in ["netrc", "missing"] {
                let words = ["crawl", "site.yaml", "--into", "pictures", option, file]
                let result = try await fixture.start(words).result()
                #expect(result.code == 64)
                #expect(result.errors.contains(file))
                expectSilence([result.output, result.errors])
            }
            #expect(site.ledger.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("{ authorities: junk }", "junk' has no certificate in PEM form"),
        ("{ certificate: junk, key: key }", "junk' has no certificate in PEM form"),
        ("{ certificate: certificate, key: junk }", "junk' has no private key in PEM form"),
        ("{ certificate: certificate }", "certificate' has no private key in PEM form"),
    ])
    func `a certificate that is none is told before anything is asked for`(
        connection: String,
        problem: String
    ) async throws {
        try await SampleSite.serve(Gallery(pages: 1)) { site in
            try fixture.writeRecipe(of: site, "connection: \(connection)")
            try fixture.write("hush-password", to: "junk")
            for (file, label) in [("certificate", "CERTIFICATE"), ("key", "PRIVATE KEY")] {
                let text = "-----BEGIN \(label)-----\nAAAA\n-----END \(label)-----\n"
                try fixture.write(text, to: file)
            }
            let crawl = try fixture.start(["crawl", "site.yaml", "--into", "pictures"])
            let result = await crawl.result()
            #expect(result.code == 64)
            #expect(result.errors.contains(problem), "\(result.errors)")
            #expect(!result.errors.contains("hush"))
            #expect(site.ledger.requests.isEmpty)
        }
    }
}
