import CrawlModel
import Testing

struct PathTemplateTests {
    private func path(_ template: String, _ name: String, _ url: String) throws -> String {
        try PathTemplate(template).path(name: name, address: WebAddress(url)).description
    }

    @Test(arguments: [
        ("{name}{extension}", "cat", "http://a/1.JPG", "cat.jpg"),
        ("{name}{extension}", "cat", "http://a/1.php?x=.jpg", "cat"),
        ("set/{name}{extension}", "a/b", "http://a/1.png", "set/a_b.png"),
        ("{name}/x-{name}{extension}", "c", "http://a/1.png", "c/x-c.png"),
        ("{name}{extension}", "", "http://a/kitten.gif", "kitten.gif"),
        ("{name}{extension}", "", "http://a/", "untitled"),
        ("{name}{extension}", "..", "http://a/%2e%2e%2fetc.jpg", "_etc.jpg"),
        ("{name}.png", "cat", "http://a/1.jpg", "cat.png"),
        ("{name}{extension}", "magpie.db", "http://a/x", "_magpie.db"),
        ("{name}{extension}", "Magpie.DB-wal", "http://a/x", "_Magpie.DB-wal"),
        ("{name}/x{extension}", "magpie.db", "http://a/x.jpg", "_magpie.db/x.jpg"),
        ("MAGPIE.DB-shm/{name}", "cat", "http://a/x", "_MAGPIE.DB-shm/cat"),
        ("a/{name}", "magpie.db", "http://a/x", "a/magpie.db"),
        (".magpie/{name}", "cat", "http://a/x", "magpie/cat"),
        ("{name}{extension}", ".magpie/parts/1", "http://a/x.jpg", "magpie_parts_1.jpg"),
    ])
    func `a path stays inside and is harmless`(
        template: String,
        name: String,
        url: String,
        expected: String
    ) throws {
        #expect(try path(template, name, url) == expected)
    }

    @Test(arguments: [
        "", "/x/{name}", "../{name}", "a//{name}", "{caption}", "{name", "{extension}/{name}",
        "a/./b",
    ])
    func `a template that can't be used is refused with a cure`(template: String) {
        #expect(throws: RecipeProblem.self) { try PathTemplate(template) }
    }

    @Test func `a numbered path still fits`() throws {
        let template = try PathTemplate("{name}{extension}")
        let long = template.path(name: String(repeating: "x", count: 999), address: nil)
        #expect(long.numbered(12).stem.hasSuffix("x (12)"))
        #expect(long.numbered(123_456).description.utf8.count <= 255)
    }
}
