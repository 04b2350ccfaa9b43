import CrawlModel
import Crawling
import Foundation

/// A page that was saved for trials without a network.
///
/// The file has the bytes as they were received. Beside it, in a file with `.head` behind its name, stands where
/// they came from: `URL`, `Location` after redirects, and `Content-Type`. A file without one is a page, too.
struct SavedPage {
    let file: String
    /// The address that was asked for.
    let asked: WebAddress
    private let address: WebAddress
    private let contentType: String?

    static let headSuffix = ".head"

    /// A saved file.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - given: What to take for its address; else what stands beside it, what a browser wrote into it,
    ///     or the recipe's first page.
    ///   - recipe: The recipe that is tried.
    /// - Throws: `FileProblem` or `AddressError`.
    init(file: String, address given: WebAddress?, recipe: Recipe) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw FileProblem(
                description:
                    "'\(file)' can't be read: give a saved page, or an address that starts with "
                    + "http:// or https://"
            )
        }
        self.file = file
        let head = Self.head(of: file)
        let kept = try (head["url"] ?? Self.mark(in: data)).map { try WebAddress($0) }
        asked = try given ?? kept ?? recipe.firstPage ?? WebAddress("http://localhost/")
        address = try given ?? head["location"].map { try WebAddress($0) } ?? asked
        contentType = head["content-type"]
    }

    /// The pages of a folder in the order of their names.
    ///
    /// - Throws: `FileProblem` if there are none; `AddressError`.
    static func all(in folder: String) throws -> [SavedPage] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let pages = try names.sorted().filter { $0.hasSuffix(headSuffix) }.compactMap { name in
            try SavedPage(kept: "\(folder)/\(name.dropLast(headSuffix.count))")
        }
        guard !pages.isEmpty else {
            throw FileProblem(
                description:
                    "no pages were saved in '\(folder)': 'magpie check RECIPE --follow 5 --save "
                    + "\(folder)' does that"
            )
        }
        return pages
    }

    private init?(kept file: String) throws {
        let head = Self.head(of: file)
        guard let url = head["url"] else { return nil }
        self.file = file
        asked = try WebAddress(url)
        address = try head["location"].map { try WebAddress($0) } ?? asked
        contentType = head["content-type"]
    }

    /// The page.
    ///
    /// - Throws: `FileProblem`.
    func read() throws -> FetchedPage {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw FileProblem(description: "'\(file)' can't be read")
        }
        return FetchedPage(
            bytes: Array(data),
            contentType: contentType,
            asked: asked,
            address: address
        )
    }

    private static func head(of file: String) -> [String: String] {
        let data = FileManager.default.contents(atPath: file + headSuffix) ?? Data()
        var head: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
            head[line[..<colon].lowercased()] = value
        }
        return head
    }

    /// The address that browsers write into a page they save: `<!-- saved from url=(0019)https://… -->`.
    private static func mark(in data: Data) -> String? {
        let beginning = String(decoding: data.prefix(2_000), as: UTF8.self)
        return beginning.firstMatch(of: #/<!-- saved from url=\(\d+\)(https?:\S+) -->/#).map {
            String($0.1)
        }
    }
}

/// Where `check --save` puts pages.
struct SaveTarget {
    private let path: String
    private let isFolder: Bool

    /// A file, or a folder that is made if need be.
    ///
    /// - Throws: `FileProblem`.
    init(_ path: String, isFolder: Bool) throws {
        var isThere: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isThere)
        self.path = path
        self.isFolder = isFolder || isThere.boolValue || path.hasSuffix("/")
        guard self.isFolder, !isThere.boolValue else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw FileProblem(description: "the folder '\(path)' can't be made")
        }
    }

    /// Keeps a page; in a folder under its number.
    ///
    /// - Throws: `FileProblem`.
    func keep(_ page: FetchedPage, number: Int) throws {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".html"
        let file = isFolder ? "\(path)/\(name)" : path
        var head = "URL: \(page.asked)\n"
        if page.address != page.asked { head += "Location: \(page.address)\n" }
        // A header has no line breaks; one that came with some would become further lines.
        if let type = page.contentType { head += "Content-Type: \(Plain.text(type))\n" }
        do {
            try Data(page.bytes).write(to: URL(fileURLWithPath: file))
            try Data(head.utf8).write(to: URL(fileURLWithPath: file + SavedPage.headSuffix))
        } catch {
            throw FileProblem(description: "'\(file)' can't be written")
        }
    }
}
