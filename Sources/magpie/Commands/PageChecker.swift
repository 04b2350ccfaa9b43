import CrawlModel
import Crawling
import Extraction
import Foundation
import Storage

/// Tries a recipe on pages one after the other, and remembers who has which path.
struct PageChecker {
    private let compiled: CompiledRecipe
    private let folder: PictureFolder?
    private var owners: [String: String] = [:]
    private var items = 0
    private var withoutImage = 0
    private var problems = 0
    private var known = 0

    /// A checker that has seen nothing; `folder` is the crawl folder to compare with.
    init(_ compiled: CompiledRecipe, _ folder: PictureFolder?) {
        self.compiled = compiled
        self.folder = folder
    }

    /// What the recipe finds on a page.
    ///
    /// - Throws: `ExtractionError` or `StoreError`.
    mutating func check(
        _ page: FetchedPage,
        at place: PagePlace
    ) throws -> (table: CheckTable, reading: PageReading) {
        let reading = try compiled.extractor.read(
            page.bytes,
            contentType: page.contentType,
            address: page.address,
            place: place
        )
        let traces = try SelectorExplainer(compiled.recipe).traces(
            of: reading,
            page.bytes,
            contentType: page.contentType,
            place: place
        )
        var rows: [CheckTable.Item] = []
        for discovery in reading.discoveries {
            rows.append(try row(discovery, page: page.address))
        }
        let table = CheckTable(
            compiled.recipe,
            reading,
            items: rows,
            page: page.address,
            place: place,
            hints: traces.map(CheckTable.Hint.init),
            comparesWithFolder: folder != nil
        )
        items += rows.count
        withoutImage += reading.itemsWithoutImage
        problems += rows.count { $0.problem != nil }
        known += rows.count { $0.known != nil }
        return (table, reading)
    }

    /// What all pages came to.
    func summary(pages: Int) -> String {
        var parts = [
            Plain.count(pages, "page"), Plain.count(items, "item"),
            "\(withoutImage) without a picture", "\(problems) with a note",
        ]
        if folder != nil { parts.append("\(known) known to the crawl folder") }
        return parts.joined(separator: ", ")
    }

    private mutating func row(
        _ discovery: Discovery,
        page: WebAddress
    ) throws -> CheckTable.Item {
        var path = compiled.recipe.path.path(of: discovery, page: page)
        guard case .success(let address) = discovery.address else {
            var problem = discovery.refusal.map { "left out: \($0)" }
            if case .failure(let error) = discovery.address { problem = problem ?? "\(error)" }
            return CheckTable.Item(discovery, url: discovery.reference, path: nil, problem: problem)
        }
        let url = address.description
        if let refusal = discovery.refusal {
            return CheckTable.Item(discovery, url: url, path: nil, problem: "left out: \(refusal)")
        }
        if let picture = try folder?.picture(at: address) {
            let owner = owners.updateValue(url, forKey: picture.path)
            return CheckTable.Item(
                discovery,
                url: url,
                path: picture.path,
                problem: owner == nil ? nil : "the same picture again",
                known: picture.known
            )
        }
        let owner = try owner(of: path)
        if owner == url {
            return CheckTable.Item(
                discovery,
                url: url,
                path: path.description,
                problem: "the same picture again"
            )
        }
        var problem = owner.map { "the path belongs to \($0)" }
        if owner != nil, compiled.recipe.onConflict == .rename {
            let wanted = path
            var number = 2
            while try self.owner(of: wanted.numbered(number)) != nil { number += 1 }
            path = wanted.numbered(number)
            problem = "renamed: " + (problem ?? "")
        }
        if try self.owner(of: path) == nil { owners[Self.key(path)] = url }
        return CheckTable.Item(discovery, url: url, path: path.description, problem: problem)
    }

    /// Whose path it is: a picture's address, or a file that nobody knows.
    private func owner(of path: ImagePath) throws -> String? {
        if let owner = owners[Self.key(path)] { return owner }
        return try folder?.owner(of: path)
    }

    private static func key(_ path: ImagePath) -> String {
        path.folder + path.key + path.extensionName
    }
}

/// A crawl folder as `check` looks at it.
struct PictureFolder {
    /// A picture that it knows.
    struct Picture {
        let path: String
        /// Where it stands: `on disk`, `failed (http_4xx)`, `waiting`.
        let known: String
    }

    private let folder: CrawlFolder
    private let reader: CrawlReader

    /// A crawl folder.
    ///
    /// - Throws: `StoreError`.
    init(_ folder: CrawlFolder) throws {
        self.folder = folder
        reader = try CrawlReader(folder)
    }

    /// The picture with an address.
    ///
    /// - Throws: `StoreError`.
    func picture(at address: WebAddress) throws -> Picture? {
        guard let picture = try reader.picture(at: address) else { return nil }
        let reason = picture.errorClass.map { " (\($0.rawValue))" } ?? ""
        let known =
            switch picture.state {
            case .done: isThere(picture.path) ? "on disk" : "done, but its file is missing"
            case .ready, .running: "waiting"
            case .failed: "failed\(reason)"
            case .skipped: "skipped\(reason)"
            }
        return Picture(path: picture.path, known: known)
    }

    /// Who has a path.
    ///
    /// - Throws: `StoreError`.
    func owner(of path: ImagePath) throws -> String? {
        if let owner = try reader.owner(of: path) { return owner }
        return isThere(path.description) ? "a file that no crawl has written" : nil
    }

    private func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder.path)/\(path)")
    }
}
