import ArgumentParser
import CrawlModel
import Crawling
import Extraction
import Fetching
import Foundation

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what a recipe finds on one page; nothing is stored.",
        discussion: """
            Examples: magpie check gallery.yaml
                      magpie check gallery.yaml https://example.org/gallery?page=7
                      magpie check gallery.yaml saved-page.html

            \(ExitStatus.table)
            """
    )

    @Argument(help: "The recipe's file.")
    var recipe: String

    @Argument(
        help: "A page's address, or a file it was saved to; the first start page if left out."
    )
    var page: String?

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
        let compiled = try CompiledRecipe(file: recipe)
        let reading = try await read(compiled)
        let table = CheckTable(compiled.recipe, reading)
        if json { return try Console.say(JSONText.line(table)) }
        for line in table.lines { try Console.say(line) }
        if table.items.isEmpty {
            throw ExitStatus.someFailed
        }
    }

    private func read(_ compiled: CompiledRecipe) async throws -> PageReading {
        let start = compiled.recipe.pages[0].first
        if let page, !page.contains("://") {
            guard let data = FileManager.default.contents(atPath: page) else {
                throw FileProblem(description: "'\(page)' can't be read")
            }
            return try compiled.extractor.read(Array(data), contentType: nil, address: start)
        }
        let address = try page.map { try WebAddress($0) } ?? start
        let fetcher = try Fetcher()
        defer { fetcher.shutdown() }
        let answer = await Crawl.fetchPage(
            address,
            recipe: compiled.recipe,
            userAgent: "magpie/\(Magpie.version)",
            fetcher: fetcher
        )
        switch answer {
        case .failure(let failure):
            throw FileProblem(
                description:
                    "\(address): \(failure.errorClass.rawValue): \(Plain.text(failure.message))"
            )
        case .success(let fetched):
            return try compiled.extractor.read(
                fetched.bytes,
                contentType: fetched.response.contentType,
                address: fetched.response.address
            )
        }
    }
}

/// What a recipe found on a page, for people and programs.
struct CheckTable: Encodable {
    struct Item: Encodable {
        let name: String
        let url: String
        let path: String?
        let problem: String?
    }

    let items: [Item]
    let itemsWithoutImage: Int
    let next: [String]
    let encoding: String

    enum CodingKeys: String, CodingKey {
        case items
        case itemsWithoutImage = "items_without_image"
        case next, encoding
    }

    init(_ recipe: Recipe, _ reading: PageReading) {
        var owners: [String: String] = [:]
        items = reading.discoveries.map { discovery in
            switch discovery.address {
            case .failure(let error):
                return Item(
                    name: discovery.name,
                    url: discovery.reference,
                    path: nil,
                    problem: "\(error)"
                )
            case .success(let address):
                let path = recipe.path.path(name: discovery.name, address: address)
                let key = path.folder + path.key + path.extensionName
                let owner = owners[key]
                if owner == nil { owners[key] = address.description }
                return Item(
                    name: discovery.name,
                    url: address.description,
                    path: path.description,
                    problem: owner.map {
                        $0 == address.description
                            ? "the same picture again" : "the path belongs to \($0)"
                    }
                )
            }
        }
        itemsWithoutImage = reading.itemsWithoutImage
        next = reading.nextPages.map(\.description)
        encoding = reading.encoding
    }

    var lines: [String] {
        var lines =
            items.isEmpty
            ? []
            : TextTable(
                header: ["path", "picture", "note"],
                rows: items.map { [$0.path ?? "", $0.url, $0.problem ?? ""] }
            ).lines
        lines.append(
            "\(Plain.count(items.count, "item")), \(itemsWithoutImage) without a picture, "
                + "read as \(encoding)"
        )
        for address in next { lines.append("next: \(Plain.text(address))") }
        if items.isEmpty {
            lines.append("nothing was found: compare 'item' with the page's source")
        }
        return lines
    }
}
