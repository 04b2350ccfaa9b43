import Foundation

/// Where things are in a crawl folder.
package struct CrawlFolder: Sendable, Hashable {
    /// The folder as the user named it.
    package let path: String

    /// A folder that need not exist yet.
    package init(_ path: String) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
    }

    /// The folder's path from the root.
    package var absolutePath: String { URL(fileURLWithPath: path).path }

    /// The database.
    package var database: String { path + "/magpie.db" }
    /// The database until it says whose it is.
    var newDatabase: String { own + "/new.db" }
    /// magpie's own folder.
    package var own: String { path + "/.magpie" }
    /// The lock's file.
    package var lock: String { own + "/lock" }
    /// The folder of unfinished files.
    package var parts: String { own + "/parts" }

    /// The folder of changed files that a repair moved out of the way.
    package var setAside: String { own + "/set-aside" }

    /// Whether a crawl was ever started here.
    package var exists: Bool { FileManager.default.fileExists(atPath: database) }

    /// Makes the folder and magpie's own folders in it; what is there already is left alone.
    ///
    /// - Throws: `StoreError` if that can't be done.
    package func create() throws(StoreError) {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if isThere, !isFolder.boolValue { throw .noFolder(path) }
        do {
            try FileManager.default.createDirectory(
                atPath: parts,
                withIntermediateDirectories: true
            )
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw .system("mkdir", path, Int32(cause?.code ?? Int(EACCES)))
        }
    }
}
