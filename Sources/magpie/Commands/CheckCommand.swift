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
        let (reading, address) = try await read(compiled)
        let table = CheckTable(compiled.recipe, reading, page: address)
        if json { return try Console.say(JSONText.line(table)) }
        for line in table.lines { try Console.say(line) }
        if table.items.isEmpty {
            throw ExitStatus.someFailed
        }
    }

    private func read(
        _ compiled: CompiledRecipe
    ) async throws -> (reading: PageReading, address: WebAddress) {
        let start = compiled.recipe.pages[0].first
        if let page, !page.contains("://") {
            guard let data = FileManager.default.contents(atPath: page) else {
                throw FileProblem(description: "'\(page)' can't be read")
            }
            let reading = try compiled.extractor.read(
                Array(data),
                contentType: nil,
                address: start
            )
            return (reading, start)
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
            let reading = try compiled.extractor.read(
                fetched.bytes,
                contentType: fetched.response.contentType,
                address: fetched.response.address
            )
            return (reading, fetched.response.address)
        }
    }
}
