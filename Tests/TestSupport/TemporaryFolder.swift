import Foundation

/// A folder of a test's own, removed with everything in it when the last reference goes.
package final class TemporaryFolder: Sendable {
    /// Where it is.
    package let path: String

    /// Makes a new, empty folder.
    package init() {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("magpie-test-\(UUID().uuidString)")
        path = url.path
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            preconditionFailure("no temporary folder: \(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A path below it.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of all plain files below it, relative to it, sorted.
    package func files() -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: self.path(name),
                isDirectory: &isFolder
            )
            return exists && !isFolder.boolValue
        }.sorted()
    }
}
