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
        ("{folder}/{name}{extension}", "c", "http://a/x%20y/%C3%9C/1.jpg", "x y/Ü/c.jpg"),
        ("{folder}/{name}{extension}", "c", "http://a/1.jpg", "c.jpg"),
        ("{folder}/{name}{extension}", "c", "http://a/x/", "x/c"),
        ("a/{folder}/{name}", "c", "http://a//x//b%2Fc/.magpie/1", "a/x/b_c/magpie/c"),
        ("{folder}/{name}", "c", "http://a/magpie.db/1", "_magpie.db/c"),
        ("{folder}/{name}", "c", "http://a/%2E%2e/%2e/x/1", "x/c"),
    ])
    func `a path stays inside and is harmless`(
        template: String,
        name: String,
        url: String,
        expected: String
    ) throws {
        #expect(try path(template, name, url) == expected)
    }

    @Test func `of very many folders the innermost are kept`() throws {
        let folders = (1...1000).map { "folder\($0)" }
        let address = "http://a/" + folders.joined(separator: "/") + "/1.jpg"
        let made = try path("{folder}/{name}", "c", address)
        #expect(made.utf8.count <= 1002)
        #expect(made.hasSuffix("/folder999/folder1000/c"))
    }

    @Test(arguments: [
        "{folder}", "a/{folder}", "{folder}{extension}", "x{folder}/{name}", "{folder}{name}/a",
    ])
    func `folders stand alone and before a name`(template: String) {
        #expect(throws: RecipeProblem.self) { try PathTemplate(template) }
    }

    private static var cat: Discovery {
        get throws {
            var cat = Discovery(
                reference: "/p/17.jpg",
                address: .success(try WebAddress("https://Pics.test:8080/p/17.jpg")),
                name: "Cat",
                index: 7
            )
            cat.fields.set("album", .text("Summer/2024"))
            cat.fields.set("date", .text("Mon, 06 May 2024 07:08:09 GMT"))
            cat.fields.set("tags", .list(["a", "b"]))
            cat.fields.set("when", .text("undated"))
            return cat
        }
    }

    @Test(arguments: [
        (
            "{album}/{date:yyyy-MM}/{index:04}-{name}{extension}",
            "Summer_2024/2024-05/0007-Cat.jpg"
        ),
        ("{host}/{name}", "pics.test/Cat"), ("{page}/{name}", "3/Cat"),
        ("{page:03}-{index}", "003-7"), ("{id}{extension}", "17.jpg"),
        ("{name:2}", "Ca"), ("{tags}", "a, b"), ("{date:d MMM yy HH:mm:ss}", "6 May 24 07_08_09"),
        ("{when:yyyy}/{name}", "undated/Cat"), ("{none}/{name}", "untitled/Cat"),
        ("{none}{none}{extension}", "untitled.jpg"), ("{album:04}", "Summer_2024"),
    ])
    func `placeholders take what the item has`(template: String, expected: String) throws {
        let template = try PathTemplate(
            template,
            fields: ["album", "date", "tags", "when", "none"]
        )
        let page = try WebAddress("https://pics.test/list?x=20&page=3")
        #expect(try template.path(of: Self.cat, page: page).description == expected)
    }

    @Test func `a hash tells addresses apart and is always the same`() throws {
        let template = try PathTemplate("{hash:8}")
        let stems = try (1...2000).map { number in
            template.path(name: "x", address: try WebAddress("http://a.test/\(number).jpg")).stem
        }
        #expect(Set(stems).count == 2000)
        #expect(stems.allSatisfy { $0.count == 8 })
        #expect(stems[0] == "8538b499")
        #expect(try PathTemplate("{hash}").path(name: "", address: nil).stem.count == 16)
    }

    @Test func `placeholders that are empty for every item are told`() throws {
        let template = try PathTemplate("{album}/{none:yyyy}-{host}", fields: ["album", "none"])
        #expect(try template.emptyPlaceholders(for: [Self.cat], page: nil) == ["{none:yyyy}"])
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
