/// How a recipe makes a picture's path: `{name}{extension}`, `set/{name}{extension}`.
///
/// Placeholders: `{name}`, the caption; `{extension}`, from the address and corrected by the picture's
/// own bytes, only at the very end. A slash in the template makes folders; a slash in a caption does not.
package struct PathTemplate: Equatable, Sendable {
    private enum Part: Equatable, Sendable {
        case text(String)
        case name
    }

    /// The template as written.
    package let text: String
    /// Whether the template ends with `{extension}`, so that the content may correct it.
    package let hasExtension: Bool
    private let components: [[Part]]

    /// Reads a template.
    ///
    /// - Throws: `RecipeProblem` for an unknown placeholder, an `{extension}` that is not at the end, an
    ///   absolute path, or a component that is empty or leads upwards.
    package init(_ text: String) throws(RecipeProblem) {
        self.text = text
        hasExtension = text.hasSuffix("{extension}")
        let body = hasExtension ? text.dropLast("{extension}".count) : text[...]
        var components: [[Part]] = []
        for component in body.split(separator: "/", omittingEmptySubsequences: false) {
            let parts = try Self.parts(of: component)
            guard !parts.isEmpty, component != ".", component != ".." else {
                throw RecipeProblem(
                    "the path '\(text)' has an empty part or one that leads upwards",
                    cure: "write it like 'folder/{name}{extension}'"
                )
            }
            components.append(parts)
        }
        self.components = components
    }

    private static func parts(of component: Substring) throws(RecipeProblem) -> [Part] {
        var parts: [Part] = []
        var rest = component
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw RecipeProblem("'{' is never closed in '\(component)'", cure: "add '}'")
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let word = rest[rest.index(after: open)..<close]
            guard word == "name" else { throw problem(with: String(word)) }
            parts.append(.name)
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }

    private static func problem(with word: String) -> RecipeProblem {
        word == "extension"
            ? RecipeProblem("{extension} stands inside the path", cure: "move it to the end")
            : RecipeProblem("unknown placeholder '{\(word)}'", cure: "use {name} and {extension}")
    }

    /// The path of a picture.
    ///
    /// - Parameters:
    ///   - name: The caption; where nothing of it is left, the address's own file name stands in, and
    ///     where that has nothing either, `untitled`.
    ///   - address: The picture's address; `nil` where the page's is none that can be asked for.
    /// - Returns: A path that stays inside the crawl folder and never is magpie's own file.
    package func path(name: String, address: WebAddress?) -> ImagePath {
        let remote = address?.lastPathComponent ?? ""
        let caption = SafeName(name)?.description
        let fallback = caption ?? SafeName(Self.stem(of: remote))?.description ?? "untitled"
        var names = components.map { parts in
            if parts == [.name] { return fallback }
            let text = parts.map { part in
                switch part {
                case .text(let text): text
                case .name: fallback
                }
            }
            return SafeName(text.joined())?.description ?? "untitled"
        }
        names[0] = Self.avoidingOwnFiles(names[0])
        return ImagePath(
            folder: names.dropLast().map { $0 + "/" }.joined(),
            stem: names.last ?? fallback,
            extensionName: hasExtension ? ImageFormat.extensionName(ofFile: remote) : ""
        )
    }

    private static func stem(of file: String) -> String {
        String(file.lastIndex(of: ".").map { file[..<$0] } ?? file[...])
    }

    /// Keeps clear of `magpie.db` and its companions; `.magpie` can't arise, names start with no dot.
    private static func avoidingOwnFiles(_ name: String) -> String {
        guard name.lowercased().hasPrefix("magpie.db") else { return name }
        return SafeName("_" + name)?.description ?? "untitled"
    }
}
