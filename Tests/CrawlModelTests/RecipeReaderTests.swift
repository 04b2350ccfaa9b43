import CrawlModel
import Testing

struct RecipeReaderTests {
    private let minimal = """
        pages: "http://a.test/?page={1..3}"
        item: { each: "div", image: "img::attr(src)" }
        """

    @Test func `what is not written has its default`() throws {
        let recipe = try RecipeReader.read(minimal, file: "x.yaml")
        #expect(recipe.workers == Workers(pages: 3, images: 30))
        #expect(recipe.path.text == "{name}{extension}")
        #expect(recipe.onConflict == .skip)
        #expect(recipe.duplicates == .keep)
        #expect(!recipe.keepsPages)
        #expect(recipe.timeouts == Timeouts())
        #expect(recipe.item.name.isEmpty)
        #expect(recipe.pages.map(\.count) == [3])
    }

    @Test func `every key is read`() throws {
        let recipe = try RecipeReader.read(
            """
            name: full
            pages: [http://a.test/1, "http://a.test/{2..3}"]
            next: { xpath: "//a[@rel='next']/@href" }
            item:
              xpath: "//div"
              image: "img/@src"
              name: "p/text()"
            path: "{name}.jpg"
            on_conflict: rename
            duplicates: hardlink
            keep_pages: true
            workers: { pages: 1, images: 2 }
            headers: { User-Agent: me, Cookie: "" }
            timeout: { connect: 1.5s, idle: 2m, total: 1h }
            limits: { image: 5MB, page: 300kB }
            hooks: { on_image: [a, "b c"], on_end: [d], at_once: 7, timeout: 3s }
            """,
            file: "x.yaml"
        )
        #expect(recipe.name == "full")
        #expect(recipe.pages.count == 2)
        #expect(recipe.next?.selector?.language == .xpath)
        #expect(recipe.item.each == Selector(.xpath, "//div", key: "item.xpath", line: 5))
        #expect(recipe.item.name.map(\.line) == [7])
        #expect(recipe.onConflict == .rename)
        #expect(recipe.duplicates == .hardlink)
        #expect(recipe.keepsPages)
        #expect(recipe.workers == Workers(pages: 1, images: 2))
        #expect(recipe.headers == [HeaderField("User-Agent", "me"), HeaderField("Cookie", "")])
        #expect(recipe.timeouts.connect == .milliseconds(1500))
        #expect(recipe.timeouts.idle == .seconds(120))
        #expect(recipe.limits == SizeLimits(image: 5_000_000, page: 300_000))
        #expect(recipe.hooks.onImage == ["a", "b c"] && recipe.hooks.onEnd == ["d"])
        #expect(recipe.hooks.atOnce == 7 && recipe.hooks.timeLimit == .seconds(3))
    }

    @Test func `one time stands for connecting and for silence`() throws {
        let recipe = try RecipeReader.read(minimal + "\ntimeout: 2s", file: "x.yaml")
        #expect(recipe.timeouts == Timeouts(connect: .seconds(2), idle: .seconds(2)))
    }

    @Test(
        arguments: [
            ("pathh: x", 3, "did you mean 'path'?"),
            ("workers: { page: 3 }", 3, "did you mean 'pages'?"),
            ("workers: { pages: many }", 3, "whole number"),
            ("workers: 3", 3, "keys of its own"),
            ("hooks: { on_image: echo hello }", 3, "for a shell"),
            ("hooks: { on_end: [] }", 3, "the program and its arguments"),
            ("hooks: { on_page: [x] }", 3, "on_image"),
            ("on_conflict: maybe", 3, "skip or rename"),
            ("duplicates: forget", 3, "keep or hardlink or skip"),
            ("on_change: ask", 3, "keep or replace"),
            ("keep_pages: perhaps", 3, "write one of the two"),
            ("timeout: soon", 3, "2s"),
            ("timeout: -1s", 3, "2s"),
            ("limits: { image: big }", 3, "20MB"),
            ("path: \"{caption}\"", 3, "{name}"),
            ("path: \"../{name}\"", 3, "upwards"),
            ("headers: { \"X-A\": \"a\\r\\nB: c\" }", 3, "header"),
            ("name: [1, 2]", 3, "must be a text"),
            ("next: { jquery: x }", 3, "css, xpath, json or regex"),
            ("name: x\nname: y", nil, "twice"), ("path: \"unclosed", nil, "no YAML"),
            ("headers: x", 3, "keys of its own"), ("headers: { A: [b] }", 3, "must be a text"),
            ("headers: { \"\": x }", 3, "plain letters"),
            ("headers: { \"a b\": x }", 3, "plain letters"),
            ("headers: { \"A:\": x }", 3, "plain letters"),
            ("headers: { A: \"b\\0\" }", 3, "one line"),
            ("workers: { pages: 0 }", 3, "from 1 to 64"),
            ("workers: { images: 513 }", 3, "from 1 to 512"),
            ("workers: { images: 99999999999999999999 }", 3, "from 1 to 512"),
            ("workers:\n  pages: 1\n  size: 2", 5, "'size' in 'workers'"),
            ("workers: { pages: 1.5 }", 3, "whole number"),
            ("timeout: 0s", 3, "2s"), ("timeout: 2", 3, "2s"), ("timeout: 25h", 3, "2s"),
            ("timeout: [1s]", 3, "keys of its own"),
            ("timeout: { read: 1s }", 3, "the keys are"),
            ("timeout:\n  idle: never", 4, "'timeout.idle'"),
            ("limits: { page: 0 }", 3, "20MB"), ("limits: { page: 1XB }", 3, "20MB"),
            ("limits: { pages: 1MB }", 3, "did you mean 'page'?"),
            ("path: \"a//b\"", 3, "empty part"), ("path: \"{name\"", 3, "add '}'"),
            ("path: \"{extension}/{name}\"", 3, "to the end"),
            ("next: \"\"", 3, "write a selector"),
            ("next: { css: a, xpath: b }", 3, "must be a text"), ("next: [a]", 3, "must be a text"),
            ("path: \"{author}\"", 3, "'item.fields'"), ("path: \"{date:qq}\"", 3, "placeholder"),
            ("path: \"{index:0999}\"", 3, "too wide"),
            ("path: \"{name:q}\"", 3, "'q' means nothing"),
            ("Pages: x", 3, "did you mean 'pages'?"), ("? [a]\n: b", 3, "unknown key"),
            ("<<: { a: b }", 3, "unknown key '<<'"), ("\tname: x", nil, "no YAML"),
            ("name: *x", nil, "no YAML"), ("--- \nname: x", nil, "no YAML"),
        ] as [(String, Int?, String)]
    )
    func `a wrong recipe is refused with file, line and cure`(
        addition: String,
        line: Int?,
        text: String
    ) {
        #expect {
            try RecipeReader.read(minimal + "\n" + addition, file: "x.yaml")
        } throws: { error in
            guard let error = error as? RecipeError else { return false }
            return error.description.hasPrefix("x.yaml:") && error.description.contains(text)
                && (line == nil || error.line == line)
        }
    }

    @Test(arguments: [
        ("", "empty"),
        ("- a\n- b", "key: value"),
        ("item: { each: a, image: b }", "'pages' is missing"),
        ("pages: http://a.test/", "'item' is missing"),
        ("pages: [http://a.test/, ftp://b.test/]\nitem: { each: a, image: b }", "x.yaml:1: 'ftp:'"),
        (
            "pages:\n  - http://a.test/\n  - http://a.test/{1..x}\nitem: { each: a, image: b }",
            "x.yaml:3: '{1..x}'"
        ),
        ("pages: [[http://a.test/]]\nitem: { each: a, image: b }", "must be a text"),
        ("pages: { a: b }\nitem: { each: a, image: b }", "unknown key 'a' in 'pages'"),
        ("pages: { file: a, sitemap: b }\nitem: { each: a, image: b }", "sitemap: or file:"),
        ("pages: { sitemap: b }\nitem: { each: a, image: b }", "http://"),
        (
            "pages: http://a.test/\nfollow: { link: a, fields: { by: b } }\nitem: { each: a, image: b }",
            "needs 'each'"
        ),
        (
            "pages: http://a.test/\nfollow: { link: a, again: 5 }\nitem: { each: a, image: b }",
            "true or false"
        ),
        ("pages: http://a.test/\nmax_pages: 0\nitem: { each: a, image: b }", "from 1"),
        ("pages: http://a.test/\nitem: x", "keys of its own"),
        ("pages: http://a.test/\nitem: []", "keys of its own"),
        ("pages: http://a.test/\nitem: { each: '', image: b }", "'item.each' is empty"),
        ("pages: http://a.test/\nitem: { each: , image: b }", "'item.each' is missing"),
        (
            "pages: http://a.test/\nitem: { each: a, image: b, caption: c }",
            "unknown key 'caption' in 'item'"
        ),
        ("pages: http://a.test/\nitem: { each: a, image: { sql: c } }", "no selector language"),
        ("pages: http://a.test/\nitem: { regex: a, name: b }", "(?<name>"),
        ("pages: http://a.test/\nitem: { regex: a, fields: { by: b } }", "(?<author>"),
        ("pages: http://a.test/\nitem: { each: a, image: [] }", "'item.image' is empty"),
        ("pages: http://a.test/\nitem: { each: a, image: b, fields: { Tag: c } }", "small letters"),
        (
            "pages: http://a.test/\nitem: { each: a, image: b, fields: { page: c } }",
            "another meaning"
        ),
        (
            "pages: http://a.test/\nitem: { each: a, image: b, transform: { by: trim } }",
            "unknown key 'by' in 'item.transform'"
        ),
        ("pages: http://a.test/\nitem: { each: a, image: b, transform: { name: up } }", "no step"),
        (
            "pages: http://a.test/\nitem: { each: a, image: b, transform: { name: { date: Q } } }",
            "means nothing"
        ),
        (
            "pages: http://a.test/\nitem: { each: a, image: b, transform: { image: { original: x } } }",
            "wordpress or mediawiki"
        ),
        ("pages: http://a.test/\nitem: { each: a, image: b, only: { by: c } }", "'item.only'"),
        ("just text", "key: value"), ("42", "key: value"), ("# nothing", "empty"),
        ("pages: []\nitem: { each: a, image: b }", "'pages' is empty"),
        ("pages: nowhere\nitem: { each: a, image: b }", "http://"),
        ("pages: http://a.test/\nitem: { image: b }", "'each' (CSS), 'xpath', 'json' and 'regex'"),
        ("pages: http://a.test/\nitem: { each: a, xpath: b, image: c }", "two ways"),
        ("pages: http://a.test/\nitem: { each: a }", "'item.image' is missing"),
        ("pages: http://a.test/\nitem: { regex: a, image: b }", "(?<image>"),
    ])
    func `a recipe that lacks something is refused`(text: String, message: String) {
        #expect {
            try RecipeReader.read(text, file: "x.yaml")
        } throws: { error in
            "\(error)".contains(message)
        }
    }

    @Test func `a recipe that nests without end is refused`() {
        for text in [
            String(repeating: "[", count: 20_000), String(repeating: "{a: ", count: 20_000),
        ] {
            #expect(throws: RecipeError.self) { try RecipeReader.read(text, file: "x.yaml") }
        }
    }
}
