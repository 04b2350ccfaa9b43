import CrawlModel
import Testing

struct PageTemplateTests {
    @Test(arguments: [
        ("http://a/{1..3}", ["http://a/1", "http://a/2", "http://a/3"]),
        ("http://a/{3..1}", ["http://a/3", "http://a/2", "http://a/1"]),
        ("http://a/{08..10}", ["http://a/08", "http://a/09", "http://a/10"]),
        ("http://a/{0..10..5}", ["http://a/0", "http://a/5", "http://a/10"]),
        ("http://a/{1..010..9}", ["http://a/001", "http://a/010"]),
        ("http://a/{5..5}", ["http://a/5"]), ("http://a/{c..a..2}", ["http://a/c", "http://a/a"]),
        ("http://a:{80..82}/", ["http://a/", "http://a:81/", "http://a:82/"]),
        ("http://a/{1..7..3}", ["http://a/1", "http://a/4", "http://a/7"]),
        ("http://a/{a..c}", ["http://a/a", "http://a/b", "http://a/c"]),
        (
            "http://a/{1..2}/{x..y}",
            ["http://a/1/x", "http://a/1/y", "http://a/2/x", "http://a/2/y"]
        ),
        ("http://a/plain", ["http://a/plain"]),
    ])
    func `ranges stand for many pages`(template: String, expected: [String]) throws {
        let pages = try PageTemplate(template)
        #expect(pages.map(\.description) == expected)
        #expect(pages.count == expected.count)
    }

    @Test(arguments: [
        "http://a/{1..}", "http://a/{..3}", "http://a/{1..b}", "http://a/{1..3..0}",
        "http://a/{1..3",
        "http://a/{}", "example.org/{1..3}", "http://a/{0..999999999999}",
    ])
    func `a range that can't be read is refused`(template: String) {
        #expect(throws: RecipeProblem.self) { try PageTemplate(template) }
    }
}
