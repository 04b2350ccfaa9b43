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

    @Option(help: "For a recipe with 'follow': how deep the page is, 0 for a start page.")
    var level: Int?

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
        let compiled = try CompiledRecipe(file: recipe)
        let (reading, address) = try await read(compiled)
        let table = CheckTable(compiled.recipe, reading, page: address)
        if json { return try Console.say(JSONText.line(table)) }
        for line in table.lines { try Console.say(line) }
        if table.items.isEmpty, table.links.isEmpty {
            throw ExitStatus.someFailed
        }
    }

    private func read(
        _ compiled: CompiledRecipe
    ) async throws -> (reading: PageReading, address: WebAddress) {
        let start = compiled.recipe.firstPage
        let place = level.map { PagePlace(level: $0) } ?? compiled.recipe.firstPlace
        if let page, !page.contains("://") {
            guard let data = FileManager.default.contents(atPath: page) else {
                throw FileProblem(description: "'\(page)' can't be read")
            }
            let address = try start ?? WebAddress("http://localhost/")
            let reading = try compiled.extractor.read(
                Array(data),
                contentType: nil,
                address: address,
                place: place
            )
            return (reading, address)
        }
        guard let address = try page.map({ try WebAddress($0) }) ?? start else {
            throw FileProblem(
                description: "the recipe's pages stand in a file: give the address of one"
            )
        }
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
            let reading = try compiled.extractor.read(
                fetched.bytes,
                contentType: fetched.response.contentType,
                address: fetched.response.address,
                place: place
            )
            return (reading, fetched.response.address)
        }
    }
}
