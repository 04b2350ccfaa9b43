import Foundation

/// The path of a picture below the crawl folder, in the three pieces that the database keeps.
package struct ImagePath: Hashable, Sendable, CustomStringConvertible {
    /// The folder with a slash at its end, or nothing for the crawl folder itself.
    package var folder: String
    /// The file's name without its extension.
    package var stem: String
    /// The extension with its dot, in lower case; empty while it is not known, or if the template has none.
    package var extensionName: String

    /// A path of its pieces, each already safe.
    package init(folder: String, stem: String, extensionName: String) {
        self.folder = folder
        self.stem = stem
        self.extensionName = extensionName
    }

    /// The whole path, relative to the crawl folder.
    package var description: String { folder + stem + extensionName }

    /// Whether it stays inside the crawl folder and clear of magpie's own files.
    ///
    /// Paths made by a template always do; this is for those that were read from a file.
    package var isSafe: Bool {
        guard folder.isEmpty || folder.hasSuffix("/") else { return false }
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        let isOwn = parts[0] == ".magpie" || parts.count == 1 && parts[0].hasPrefix("magpie.db")
        return !isOwn && !stem.contains("/")
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".." && !part.utf8.contains(0)
            }
    }

    /// The same path with the `number`th name for a second or later picture: `cat (2).jpg`.
    package func numbered(_ number: Int) -> ImagePath {
        let suffix = " (\(number))"
        var copy = self
        copy.stem = SafeName.cut(stem, to: SafeName.bytesMax - suffix.utf8.count) + suffix
        return copy
    }

    /// What is compared to find two paths equal: without regard to case and Unicode form, so that a
    /// folder can move to a file system that does not tell them apart.
    package var key: String { Self.key(of: stem) }

    /// The comparison key of a stem; the stem itself where folding changes nothing.
    package static func key(of stem: String) -> String {
        let isKnown = stem.unicodeScalars.allSatisfy { $0.isSteady || ("A"..."Z").contains($0) }
        // What Foundation does is the same for these, and dear.
        if isKnown { return stem.lowercased() }
        // Not lower case: file systems that fold take ß and ss, σ and ς for the same.
        return stem.folding(options: .caseInsensitive, locale: nil)
            .precomposedStringWithCanonicalMapping
    }
}
