import CSystem
import CrashPoints
import CrawlModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Vault {
    /// Moves a changed or undecodable file out of the way, into `.magpie/set-aside`, so that its picture can be saved
    /// again; no byte of it is lost.
    ///
    /// - Parameter violation: Such a file; its new name starts with its row's id.
    /// - Throws: `StoreError` if it can't be moved.
    package func setAside(_ violation: Violation) throws(StoreError) {
        guard let id = violation.id, let path = violation.path?.description else { return }
        try setAside(path, of: id)
    }

    /// The same for a file below the crawl folder.
    func setAside(_ path: String, of id: Int64) throws(StoreError) {
        if mkdirat(files.root, ".magpie/set-aside", 0o777) != 0, errno != EEXIST {
            throw .system("mkdir", folder.setAside, errno)
        }
        for number in 1... {
            let target = ".magpie/set-aside/\(id)" + (number == 1 ? "" : ".\(number)")
            if magpie_rename_exclusively(files.root, path, files.root, target) == 0 {
                return CrashPoint.setAside.pass()
            }
            // Gone meanwhile: there is nothing in the way.
            if errno == ENOENT { return }
            guard errno == EEXIST else { throw .system("rename", path, errno) }
        }
    }

    /// Whether a picture's file has been set aside before with the same bytes.
    ///
    /// Blocking: reads both.
    ///
    /// - Throws: `StoreError` if one can't be read.
    package func hasSetAside(_ violation: Violation) throws(StoreError) -> Bool {
        guard let id = violation.id, let path = violation.path,
            let content = try files.content(at: path)
        else { return false }
        for number in 1... {
            let name = "\(id)" + (number == 1 ? "" : ".\(number)")
            let place = ImagePath(folder: ".magpie/set-aside/", stem: name, extensionName: "")
            guard let aside = try files.content(at: place) else { return false }
            if aside.digest == content.digest { return true }
        }
        return false
    }
}
