import Foundation

/// The project's own files, as these tests read them.
enum Tree {
    /// A file with its text.
    struct File: CustomStringConvertible {
        /// Relative to the project's folder.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var description: String { path }

        /// The module it belongs to: the folder below `Sources` or `Tests`.
        var module: String { String(path.split(separator: "/")[1]) }
    }

    /// The project's folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Every file with one of these endings below a folder, in the order of their paths.
    static func files(_ endings: String..., below folder: String) -> [File] {
        let base = "\(root)/\(folder)"
        let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
        return names.filter { name in endings.contains { name.hasSuffix($0) } }.sorted().compactMap
        {
            file("\(folder)/\($0)")
        }
    }

    static func file(_ path: String) -> File? {
        FileManager.default.contents(atPath: "\(root)/\(path)").map {
            File(path: path, text: String(decoding: $0, as: UTF8.self))
        }
    }
}
