import CrawlModel
import Extraction

/// An item as a test writes it down: the picture's resolved address, or what is wrong with it.
struct Item: Equatable, Sendable, CustomStringConvertible {
    let name: String
    let address: String

    init(_ name: String, _ address: String) {
        self.name = name
        self.address = address
    }

    init(_ discovery: Discovery) {
        name = discovery.name
        switch discovery.address {
        case .success(let address): self.address = address.description
        case .failure(let error): address = "\(error)"
        }
    }

    var description: String { "\(name) <\(address)>" }
}

extension PageReading {
    var items: [Item] { discoveries.map(Item.init) }
}

extension Extractor {
    static let testAddress = "http://site.test/list/1.html?page=1"

    /// An extractor for the `item` of a recipe, written in YAML, and its `next` if there is one.
    ///
    /// Time stands still for it unless a test lets it pass.
    convenience init(
        item: String,
        next: String? = nil,
        processorTime: @escaping @Sendable () -> Duration = { .zero }
    ) throws {
        var text = "pages: http://site.test/\nitem: \(item)\n"
        if let next { text += "next: \(next)\n" }
        try self.init(
            recipe: RecipeReader.read(text, file: "test.yaml"),
            processorTime: processorTime
        )
    }

    /// Reads a page of UTF-8.
    func read(
        _ page: String,
        contentType: String? = "text/html; charset=utf-8",
        address: String = testAddress
    ) throws -> PageReading {
        try read(Array(page.utf8), contentType: contentType, address: WebAddress(address))
    }
}
