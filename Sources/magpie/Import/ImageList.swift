import CrawlModel
import Foundation
import Storage

/// A list of pictures in a file: addresses line by line, or the CSV that `history` and `export` write.
final class ImageList {
    private let recipe: Recipe
    private let header: [String]?
    private let reader: CSVReader
    /// Rows so far that were skipped, and so are left out.
    private(set) var skipped = 0

    /// Opens a list; one whose name ends with `.csv` begins with the names of its columns.
    ///
    /// - Throws: `FileProblem` if it can't be read, or has no column of addresses.
    init(file: String, recipe: Recipe) throws {
        self.recipe = recipe
        let isTable = file.lowercased().hasSuffix(".csv")
        let reader = try CSVReader(file, separates: isTable)
        header = isTable ? try reader.next() ?? [] : nil
        if let header, !header.contains(HistoryColumn.url.rawValue) {
            throw reader.problem(
                "no column is named 'url': write the names of the columns on the first line"
            )
        }
        self.reader = reader
    }

    /// The next picture; `nil` behind the last.
    ///
    /// - Throws: `FileProblem` with its line, if there is none on it.
    func next() throws -> ListedImage? {
        while let cells = try reader.next() {
            guard let header else {
                if let image = try image(line: cells[0]) { return image }
                continue
            }
            guard cells.count == header.count else {
                throw reader.problem(
                    "there are \(cells.count) cells where the first line has \(header.count)"
                )
            }
            var row: [HistoryColumn: String] = [:]
            for (name, cell) in zip(header, cells) where !cell.isEmpty {
                if let column = HistoryColumn(rawValue: name) { row[column] = CSVCell.plain(cell) }
            }
            if let image = try image(row: row) { return image }
            skipped += 1
        }
        return nil
    }

    /// The picture of a line, behind whose address its caption may stand; `nil` for a remark.
    private func image(line: String) throws -> ListedImage? {
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.isEmpty || text.hasPrefix("#") { return nil }
        let parts = text.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
        let caption = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        return image(try address(String(parts[0])), caption: caption)
    }

    /// The picture of a row; `nil` for one that was skipped.
    private func image(row: [HistoryColumn: String]) throws -> ListedImage? {
        let address = try address(row[.url] ?? "")
        let state = row[.state] ?? "done"
        guard ["done", "failed", "skipped"].contains(state) else {
            throw reader.problem("'\(state)' is no state: write done, failed or skipped")
        }
        if state == "skipped" { return nil }
        let fields = ItemFields(json: row[.fields])
        guard row[.fields] == nil || !fields.isEmpty else {
            throw reader.problem("the fields are no JSON object of texts and lists")
        }
        let path = row[.path].map(ImagePath.init)
        if let path, !path.isSafe {
            throw reader.problem("'\(path)' is no path inside a crawl folder")
        }
        let digest = state == "done" ? row[.sha256].map { [UInt8](hexadecimal: $0) } : nil
        if let digest, digest?.count != 32 {
            throw reader.problem("the sha256 is none: write 64 hexadecimal digits")
        }
        return image(
            address,
            caption: row[.caption] ?? "",
            fields: fields,
            path: path,
            page: row[.pageURL],
            digest: digest ?? nil
        )
    }

    private func address(_ text: String) throws -> WebAddress {
        if let address = WebAddress(inlineName: text) { return address }
        do throws(AddressError) {
            return try WebAddress(text)
        } catch {
            throw reader.problem("\(error)")
        }
    }

    private func image(
        _ address: WebAddress,
        caption: String,
        fields: ItemFields = ItemFields(),
        path: ImagePath? = nil,
        page: String? = nil,
        digest: [UInt8]? = nil
    ) -> ListedImage {
        var discovery = Discovery(
            reference: address.description,
            address: .success(address),
            name: caption,
            fields: fields
        )
        let path = path ?? recipe.path.path(of: discovery, page: nil)
        if caption.isEmpty { discovery.name = path.stem }
        return ListedImage(discovery: discovery, path: path, page: page, digest: digest)
    }
}

extension ImagePath {
    /// A path as a history has it; the extension is what follows the last dot of its name.
    fileprivate init(_ text: String) {
        let cut = text.lastIndex(of: "/").map(text.index(after:)) ?? text.startIndex
        let name = text[cut...]
        let dot = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? $0 : nil }
        self.init(
            folder: String(text[..<cut]),
            stem: String(name[..<(dot ?? name.endIndex)]),
            extensionName: String(name[(dot ?? name.endIndex)...])
        )
    }
}

extension [UInt8] {
    /// The bytes of hexadecimal digits; `nil` if it is none.
    fileprivate init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] * 16 + digits[$0 + 1])
        }
    }
}
