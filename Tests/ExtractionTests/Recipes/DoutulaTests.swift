import CrawlModel
import Extraction
import Foundation
import Testing

/// The recipes of the article's gallery, on a page of that markup.
struct DoutulaTests {
    private static let names = ["doutula.yaml", "doutula-regex.yaml"]

    private func recipe(_ name: String) throws -> Recipe {
        let root = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        let file = "\(root)/docs/recipes/\(name)"
        return try RecipeReader.read(String(contentsOfFile: file, encoding: .utf8), file: name)
    }

    /// A listing page as the site has it: one row, small pictures that load late, captions not shown.
    private var page: String {
        let items: [(address: String, caption: String)] = [
            ("http://img.doutula.test/production/uploads/image/1.jpg", "猫猫\n"),
            ("https://img.doutula.test/2.gif!dta", "A &amp; B"),
            ("//img.doutula.test/3.png", "再见"), ("/uploads/4.jpeg", ""),
            ("http://img.doutula.test/production/uploads/image/5.jpg", "  你好 🐱 "),
        ]
        let links = items.map { address, caption in
            """
            <a class="col-xs-6 col-sm-3" href="https://www.doutula.test/photo/1" style="padding: 5px;">
            <img referrerpolicy="no-referrer" src="//static.doutula.test/loader.gif" style="width: 100%;"
                data-original="\(address)" alt="x" class="img-responsive lazy image_dta" data-backup="\(address)!b">
            <p style="display: none">\(caption)</p></a>
            """
        }
        return """
            <!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>表情包</title></head><body>
            <a class="navbar-brand" href="/">斗图啦</a><p style="display: none">not a caption</p>
            <div class="page-content text-center"><div>\(links.joined(separator: "\n"))</div>
            <ul class="pagination"><li class="active"><span>1</span></li><li><a class="page-link"
            href="https://www.doutula.test/photo/list/?page=2">2</a></li></ul></div></body></html>
            """
    }

    @Test(arguments: names)
    func `the recipe is the article's`(name: String) throws {
        let recipe = try recipe(name)
        #expect(recipe.pages.map(\.count) == [1655])
        let pages = recipe.pages.flatMap { Array($0) }
        #expect(pages.first?.description == "https://www.doutula.com/photo/list/?page=1")
        #expect(pages.last?.description == "https://www.doutula.com/photo/list/?page=1655")
        #expect(recipe.workers == Workers(pages: 3, images: 30))
        #expect(recipe.timeouts == Timeouts(connect: .seconds(2), idle: .seconds(2)))
        #expect(recipe.headers.map(\.name) == ["User-Agent", "Cookie"])
        #expect(recipe.headers.first?.value.hasPrefix("Mozilla/5.0 (Macintosh;") == true)
        #expect(recipe.headers.last?.value == "")
        #expect(recipe.path.text == "{name}{extension}")
        #expect(recipe.onConflict == .skip)
    }

    @Test(arguments: names)
    func `the recipe finds the pictures of a page`(name: String) throws {
        let extractor = try Extractor(recipe: recipe(name))
        let reading = try extractor.read(
            page,
            address: "https://www.doutula.com/photo/list/?page=1"
        )
        #expect(
            reading.items == [
                Item("猫猫", "http://img.doutula.test/production/uploads/image/1.jpg"),
                Item("A & B", "https://img.doutula.test/2.gif!dta"),
                Item("再见", "https://img.doutula.test/3.png"),
                Item("", "https://www.doutula.com/uploads/4.jpeg"),
                Item("你好 🐱", "http://img.doutula.test/production/uploads/image/5.jpg"),
            ]
        )
        #expect(reading.itemsWithoutImage == 0)
        #expect(reading.nextPages == [])
        #expect(reading.encoding == "utf-8")
    }

    @Test func `selectors and pattern make the same paths`() throws {
        let paths = try Self.names.map { name in
            let recipe = try recipe(name)
            return try Extractor(recipe: recipe).read(page).discoveries.map {
                recipe.path.path(name: $0.name, address: try? $0.address.get()).description
            }
        }
        #expect(paths[0] == paths[1])
        #expect(paths[0] == ["猫猫.jpg", "A & B", "再见.png", "4.jpeg", "你好 🐱.jpg"])
    }
}
