import CrawlModel
import Testing

/// One look at a robots.txt: the file, what is asked for, and whether it may be.
private typealias Case = (robots: String, target: String, isAllowed: Bool)

/// RFC 9309, a table for each of its sections.
struct RobotsTests {
    private func expect(_ robots: String, _ target: String, _ isAllowed: Bool) {
        let rules = RobotsRules(robots.utf8)
        #expect(rules.allow(target) == isAllowed, "\(target) by:\n\(robots)")
    }

    @Test(
        arguments: [
            // The path of a rule is a beginning.
            ("/fish", "/fish", false), ("/fish", "/fish.html", false), ("/fish", "/fish/x", false),
            ("/fish", "/fishheads/y", false), ("/fish", "/Fish.html", true),
            ("/fish", "/catfish", true), ("/fish", "/?id=fish", true), ("/fish", "/", true),
            ("/fish/", "/fish/", false), ("/fish/", "/fish/x", false), ("/fish/", "/fish", true),
            ("/", "/", false), ("/", "/x?y=z", false), ("", "/", true), ("   ", "/x", true),
            ("/x?y", "/x?y=1", false), ("/x?y", "/x", true), ("/x", "/x?y", false),
            // What begins with neither a slash nor a star is no path.
            ("fish", "/fish", true), ("fish/", "/fish/", true), ("?x", "/?x", true),
            ("http://a.test/x", "/x", true),
            // A star stands for any characters, also for none (2.2.3).
            ("*", "/", false), ("*", "/x", false), ("/*", "/", false), ("/*", "/x/y", false),
            ("/fish*", "/fish", false), ("/fish*", "/fish/x", false),
            ("/*.php", "/x.php", false), ("/*.php", "/x/y.php5", false),
            ("/*.php", "/.php", false), ("/*.php", "/x.PHP", true), ("/*.php", "/php", true),
            ("*.php", "/x.php", false), ("/fish*.php", "/fish.php", false),
            ("/fish*.php", "/fishheads/x.php?y", false), ("/fish*.php", "/Fish.php", true),
            ("/a*b*c", "/a1b2c3", false), ("/a*b*c", "/abc", false), ("/a*b*c", "/acb", true),
            ("/a**b", "/ab", false), ("/a***b", "/a1b", false), ("/x*", "/y", true),
            ("/*/thumbs/", "/a/thumbs/1.jpg", false), ("/*/thumbs/", "/thumbs/1.jpg", true),
            // A dollar at the end stands for the end.
            ("/x$", "/x", false), ("/x$", "/x/", true), ("/x$", "/x?y", true), ("/$", "/", false),
            ("/$", "/x", true), ("/*.php$", "/x.php", false), ("/*.php$", "/x.php?y", true),
            ("/*.php$", "/x.php.php", false), ("/*.php$", "/x.php5", true),
            ("/a*$", "/a", false), ("/a*$", "/abc", false), ("/ab*b$", "/ab", true),
            ("/ab*b$", "/abb", false), ("*$", "/x", false), ("/x*y$", "/xyyy", false),
            ("/aa*a$", "/aa", true),
            // Elsewhere it stands for itself.
            ("/$x", "/$x", false), ("/$x", "/x", true), ("/x$y", "/x$y", false),
            ("/x$y", "/x", true), ("/x$$", "/x$", false), ("/x$$", "/x", true),
            // Stars and dollars that stand for themselves are encoded (2.2.3, its last example).
            ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", false),
            ("/path/file-with-a-%2a.html", "/path/file-with-a-*.html", false),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-x.html", true),
            ("/path/foo-%24", "/path/foo-$", false), ("/path/foo-%24", "/path/foo-", true),
            ("/path/foo-%24", "/path/foo-%24", false),
            // Both sides are encoded alike before they are compared (2.2.2).
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz", false),
            ("/foo/bar/\u{30C4}", "/foo/bar/%E3%83%84", false),
            ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", false),
            ("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", false),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz", false), ("/foo/bar/%7Ea", "/foo/bar/~a", false),
            ("/a%3cd.html", "/a%3Cd.html", false), ("/a%3Cd.html", "/a%3cd.html", false),
            ("/a%2fb.html", "/a%2Fb.html", false), ("/a%2fb.html", "/a/b.html", true),
            ("/a/b.html", "/a%2fb.html", true), ("/%zz", "/%zz", false), ("/a%", "/a%", false),
        ]
    )
    func `a pattern forbids what it matches`(pattern: String, target: String, isAllowed: Bool) {
        expect("User-agent: *\nDisallow: \(pattern)", target, isAllowed)
    }

    @Test(
        arguments: [
            // The match with the most octets decides (2.2.2, 5.2).
            ("Allow: /p\nDisallow: /", "/page", true),
            ("Disallow: /\nAllow: /p", "/page", true), ("Disallow: /\nAllow: /p", "/x", false),
            ("Allow: /folder\nDisallow: /folder", "/folder/page", true),
            ("Disallow: /folder\nAllow: /folder", "/folder/page", true),
            ("Allow: /page\nDisallow: /*.htm", "/page.htm", false),
            ("Allow: /page\nDisallow: /*.ph", "/page.php5", true),
            ("Allow: /$\nDisallow: /", "/", true), ("Allow: /$\nDisallow: /", "/page.htm", false),
            (
                "Allow: /example/page/\nDisallow: /example/page/disallowed.gif",
                "/example/page/disallowed.gif", false
            ),
            (
                "Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/x",
                true
            ),
            ("Disallow: *.gif$\nDisallow: /example/\nAllow: /publications/", "/a.gif", false),
            ("Disallow: *.gif$\nDisallow: /example/\nAllow: /publications/", "/example/", false),
            (
                "Disallow: *.gif$\nDisallow: /example/\nAllow: /publications/",
                "/publications/a.gif",
                true
            ),
            ("Disallow: /a\nAllow: /ab\nDisallow: /abc", "/abcd", false),
            ("Disallow: /a\nAllow: /ab\nDisallow: /abc", "/abx", true),
            ("Disallow: /a\nAllow: /ab\nDisallow: /abc", "/ax", false),
            // An encoded character is one octet more or less in none of the two.
            ("Allow: /%61%62\nDisallow: /abc", "/abc", false),
            // Without a match all is allowed, and so is robots.txt itself.
            ("Disallow: /x", "/y", true), ("Allow: /x", "/y", true), ("", "/", true),
            ("Disallow: /", "/robots.txt", true), ("Disallow: /robots.txt", "/robots.txt", true),
        ]
    )
    func `the longest match decides, and of two alike the one that allows`(
        rules: String,
        target: String,
        isAllowed: Bool
    ) {
        expect("User-agent: *\n\(rules)\n", target, isAllowed)
    }

    @Test(
        arguments: [
            // The group that names the crawler, else the one for all, else none (2.2.1).
            ("User-agent: magpie\nDisallow: /", "/", false),
            ("User-agent: MagPie\nDisallow: /", "/", false),
            ("user-AGENT:magpie\ndisALLOW:/", "/", false),
            ("User-agent: magpie/2.1\nDisallow: /", "/", false),
            ("User-agent: magpie the bird\nDisallow: /", "/", false),
            ("User-agent: magpies\nDisallow: /", "/", true),
            ("User-agent: mag\nDisallow: /", "/", true),
            ("User-agent: magpie-images\nDisallow: /", "/", true),
            ("User-agent: other\nDisallow: /", "/", true),
            ("User-agent: *\nDisallow: /\nUser-agent: magpie\nDisallow: /x", "/", true),
            ("User-agent: magpie\nDisallow: /x\nUser-agent: *\nDisallow: /", "/", true),
            ("User-agent: magpie\nDisallow: /x\nUser-agent: *\nDisallow: /", "/x", false),
            ("User-agent: magpie\nDisallow:\n\nUser-agent: *\nDisallow: /", "/", true),
            ("User-agent: magpie\n\nUser-agent: *\nDisallow: /", "/", false),
            ("User-agent: other\nDisallow: /\nUser-agent: *\nAllow: /", "/", true),
            ("User-agent: other\nUser-agent: magpie\nDisallow: /", "/", false),
            ("User-agent: magpie\nUser-agent: other\nDisallow: /", "/", false),
            ("User-agent: *\nUser-agent: other\nDisallow: /", "/", false),
            ("User-agent: magpie\nUser-agent: *\nDisallow: /", "/", false),
            ("User-agent: * magpie\nDisallow: /", "/", false),
            // Groups that name it twice are one.
            (
                "User-agent: magpie\nDisallow: /a\nUser-agent: x\nDisallow: /b\n"
                    + "User-agent: magpie\nDisallow: /c", "/a", false
            ),
            (
                "User-agent: magpie\nDisallow: /a\nUser-agent: x\nDisallow: /b\n"
                    + "User-agent: magpie\nDisallow: /c", "/c", false
            ),
            (
                "User-agent: magpie\nDisallow: /a\nUser-agent: x\nDisallow: /b\n"
                    + "User-agent: magpie\nDisallow: /c", "/b", true
            ),
            ("User-agent: *\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/b", false),
            // Rules before any group belong to none.
            ("Disallow: /\nUser-agent: magpie\nDisallow: /x", "/", true),
            ("Disallow: /", "/", true),
            // The example of section 5.1.
            (Self.example, "/publications/x", true), (Self.example, "/a.gif", false),
            (Self.example, "/example/x", false), (Self.example, "/x", true),
        ]
    )
    func `the group for the crawler holds, else the one for all`(
        robots: String,
        target: String,
        isAllowed: Bool
    ) {
        expect(robots, target, isAllowed)
    }

    private static let example = """
        User-Agent: *
        Disallow: *.gif$
        Disallow: /example/
        Allow: /publications/

        User-Agent: foobot
        Disallow:/
        Allow:/example/page.html
        Allow:/example/allowed.gif

        User-Agent: barbot
        User-Agent: bazbot
        Disallow: /example/page.html

        User-Agent: quxbot
        """

    @Test(
        arguments: [
            // Lines end as they like; blanks and comments do not count (2.2).
            ("User-agent: *\rDisallow: /\r", "/", false),
            ("User-agent: *\r\nDisallow: /\r\n", "/", false),
            ("User-agent: *\n\n\nDisallow: /\n", "/", false),
            ("\u{FEFF}User-agent: *\nDisallow: /", "/", false),
            (" \tUser-agent \t: \t*\t \n\tDisallow\t:\t/x \t\n", "/x", false),
            ("User-agent: * # all\nDisallow: /x # not this", "/x", false),
            ("User-agent: *\n# Disallow: /", "/", true),
            ("#\n#\nUser-agent: *\n#\nDisallow: /", "/", false),
            ("User-agent: *\nDisallow: /x#y", "/x", false),
            ("User-agent: *\nDisallow: /a b", "/a%20b", false),
            // What is no known record is passed over, and ends nothing (2.2.4).
            ("User-agent: *\nHost: a.test\nDisallow: /", "/", false),
            ("Sitemap: http://a.test/s.xml\nUser-agent: *\nDisallow: /", "/", false),
            ("User-agent: magpie\nSitemap: /s.xml\nUser-agent: x\nDisallow: /", "/", false),
            ("User-agent: magpie\nCrawl-delay: 3\nUser-agent: x\nDisallow: /", "/", false),
            ("User-agent: *\nDisallow /\n", "/", true), ("User-agent *\nDisallow: /", "/", true),
            ("User-agent: *\nDisalow: /", "/", true), ("User-agent: *\nDis allow: /", "/", true),
            ("<html><body>Not: here</body></html>", "/", true), ("", "/", true),
            (":\n::\n: :\n", "/", true), ("User-agent:\nDisallow: /", "/", true),
            ("User-agent: *\nDisallow: /\u{0}x", "/y", true),
        ]
    )
    func `lines are read with patience`(robots: String, target: String, isAllowed: Bool) {
        expect(robots, target, isAllowed)
    }

    @Test(
        arguments: [
            ("User-agent: *\nCrawl-delay: 5", 5000), ("User-agent: *\nCrawl-delay: 0.5", 500),
            ("User-agent: magpie\nCrawl-delay: 2\nUser-agent: *\nCrawl-delay: 9", 2000),
            ("User-agent: magpie\nDisallow: /x\nUser-agent: *\nCrawl-delay: 9", nil),
            ("User-agent: other\nCrawl-delay: 9", nil), ("Crawl-delay: 9", nil),
            ("User-agent: *\nCrawl-delay: soon", nil), ("User-agent: *\nCrawl-delay: -1", nil),
            ("User-agent: *\nCrawl-delay: 1e99", nil), ("User-agent: *\nCrawl-delay:", nil),
            ("User-agent: *\nCrawl-delay: 3\nCrawl-delay: 4", 4000),
        ] as [(String, Int?)]
    )
    func `a delay is read as sites write it`(robots: String, milliseconds: Int?) {
        let delay = RobotsRules(robots.utf8).crawlDelay
        #expect(delay == milliseconds.map { .milliseconds($0) })
    }

    @Test func `of a long file its first 500 KiB count`() {
        let rule = "User-agent: *\nDisallow: /early\n"
        let filling = String(repeating: "#\n", count: (RobotsRules.bytesMax - rule.utf8.count) / 2)
        let late = "Disallow: /late\n"
        expect(rule + filling + late, "/early", false)
        expect(rule + filling + late, "/late", true)
        expect(rule + filling.dropLast(2 * late.utf8.count) + late, "/late", false)
    }

    @Test func `no pattern takes long`() {
        let pattern = "/" + String(repeating: "a*", count: 2000) + "b$"
        let target = "/" + String(repeating: "a", count: 20_000)
        expect("User-agent: *\nDisallow: \(pattern)", target, true)
    }

    @Test func `a host without a robots.txt allows everything`() {
        #expect(RobotsRules.allowAll.allow("/x"))
        #expect(RobotsRules([]) == RobotsRules.allowAll)
        #expect(RobotsRules(Array(repeating: 0xFF, count: 1000)).allow("/x"))
    }
}
