/// How a recipe makes a picture's path: `{name}{extension}`, `{album}/{date:yyyy-MM}/{name}{extension}`.
///
/// Placeholders: `{name}`, the caption; `{extension}`, from the address and corrected by the picture's
/// own bytes, only at the very end; `{folder}`, the folders of the address; `{host}`, `{page}`, `{index}`, `{hash}`, `{id}`, and the recipe's own
/// fields. Behind a colon stands how to write it: `04` fills a number with zeros, `8` cuts, `yyyy-MM`
/// writes a date. A slash in the template makes folders; a slash in a value does not.
package struct PathTemplate: Equatable, Sendable {
    private enum Part: Equatable, Sendable {
        case text(String)
        case name
        /// The folders of the picture's address, as many as it has.
        case folder
        case placeholder(Placeholder)
    }

    /// The template as written.
    package let text: String
    /// Whether the template ends with `{extension}`, so that the content may correct it.
    package let hasExtension: Bool
    private let components: [[Part]]

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - text: The template.
    ///   - fields: The names of the fields that an item has.
    /// - Throws: `RecipeProblem` for an unknown placeholder, an `{extension}` that is not at the end, an
    ///   absolute path, or a component that is empty or leads upwards.
    package init(_ text: String, fields: Set<String> = []) throws(RecipeProblem) {
        self.text = text
        hasExtension = text.hasSuffix("{extension}")
        let body = hasExtension ? text.dropLast("{extension}".count) : text[...]
        var components: [[Part]] = []
        for component in body.split(separator: "/", omittingEmptySubsequences: false) {
            let parts = try Self.parts(of: component, fields: fields)
            guard !parts.isEmpty, component != ".", component != ".." else {
                throw RecipeProblem(
                    "the path '\(text)' has an empty part or one that leads upwards",
                    cure: "write it like 'folder/{name}{extension}'"
                )
            }
            guard !parts.contains(.folder) || parts.count == 1 else { throw Self.misplacedFolder }
            components.append(parts)
        }
        guard components.last != [.folder] else { throw Self.misplacedFolder }
        self.components = components
    }

    private static let misplacedFolder = RecipeProblem(
        "{folder} must stand alone between slashes, and not at the end",
        cure: "write it like '{folder}/{name}{extension}'"
    )

    private static func parts(
        of component: Substring,
        fields: Set<String>
    ) throws(RecipeProblem) -> [Part] {
        var parts: [Part] = []
        var rest = component
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw RecipeProblem("'{' is never closed in '\(component)'", cure: "add '}'")
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let word = String(rest[rest.index(after: open)..<close])
            switch word {
            case "name": parts.append(.name)
            case "folder" where !fields.contains(word): parts.append(.folder)
            default: parts.append(.placeholder(try Placeholder(word, fields: fields)))
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }

    /// The path of a picture that was found on a page.
    ///
    /// - Parameters:
    ///   - discovery: The picture. Where nothing is left of its caption, the address's own file name
    ///     stands in, and where that has nothing either, `untitled`; so it does for a folder.
    ///   - page: The page's address.
    /// - Returns: A path that stays inside the crawl folder and never is magpie's own file.
    package func path(of discovery: Discovery, page: WebAddress?) -> ImagePath {
        let address = try? discovery.address.get()
        let remote = address?.lastPathComponent ?? ""
        let caption = SafeName(discovery.name)?.description
        let fallback = caption ?? SafeName(Self.stem(of: remote))?.description ?? "untitled"
        var names = components.flatMap { parts in
            if parts == [.name] { return [fallback] }
            if parts == [.folder] { return Self.folders(of: address) }
            let text = parts.map { part in
                switch part {
                case .text(let text): text
                case .name: fallback
                case .folder: ""
                case .placeholder(let placeholder):
                    placeholder.text(of: discovery, name: fallback, page: page)
                }
            }
            return [SafeName(text.joined())?.description ?? "untitled"]
        }
        names[0] = Self.avoidingOwnFiles(names[0])
        return ImagePath(
            folder: names.dropLast().map { $0 + "/" }.joined(),
            stem: names.last ?? fallback,
            extensionName: hasExtension ? ImageFormat.extensionName(ofFile: remote) : ""
        )
    }

    /// The path of a picture that has nothing but a caption and an address.
    ///
    /// - Parameters:
    ///   - name: The caption.
    ///   - address: The picture's address; `nil` where the page's is none that can be asked for.
    /// - Returns: A path that stays inside the crawl folder and never is magpie's own file.
    package func path(name: String, address: WebAddress?) -> ImagePath {
        let found = address.map { Result<WebAddress, AddressError>.success($0) }
        return path(
            of: Discovery(reference: "", address: found ?? .failure(.noHost("")), name: name),
            page: nil
        )
    }

    /// The placeholders, as written, that give no text for any of these pictures.
    package func emptyPlaceholders(for discoveries: [Discovery], page: WebAddress?) -> [String] {
        components.joined().compactMap { part in
            guard case .placeholder(let placeholder) = part else { return nil }
            let isEmpty = discoveries.allSatisfy {
                placeholder.text(of: $0, name: $0.name, page: page).isEmpty
            }
            return isEmpty ? "{\(placeholder.word)}" : nil
        }
    }

    /// Bytes that the folders of an address may have together; a path of some thousand can't be opened.
    private static let folderBytesMax = 1000

    /// The folders of an address, each made safe; of very many the innermost.
    private static func folders(of address: WebAddress?) -> [String] {
        guard let address, !address.isInline else { return [] }
        var folders: [String] = []
        var room = folderBytesMax
        for part in address.path.split(separator: "/").dropLast(address.path.hasSuffix("/") ? 0 : 1)
            .reversed()
        {
            guard let name = SafeName(WebAddress.decoded(String(part)))?.description else {
                continue
            }
            room -= name.utf8.count + 1
            if room < 0 { break }
            folders.insert(name, at: 0)
        }
        return folders
    }

    static func stem(of file: String) -> String {
        String(file.lastIndex(of: ".").map { file[..<$0] } ?? file[...])
    }

    /// Keeps clear of `magpie.db` and its companions; `.magpie` can't arise, names start with no dot.
    private static func avoidingOwnFiles(_ name: String) -> String {
        let isOwn = name.utf8.prefix(9).elementsEqual("magpie.db".utf8) { $0 | 0x20 == $1 }
        guard isOwn else { return name }
        return SafeName("_" + name)?.description ?? "untitled"
    }
}
