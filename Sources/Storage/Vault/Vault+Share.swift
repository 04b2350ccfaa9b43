import CrashPoints
package import CrawlModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Vault {
    /// Makes a complete part a second name of a published file with the same bytes, if that is possible.
    ///
    /// The part is replaced by a rename, so that it is whole at any moment, and is published as any other.
    /// What is compared is the very file that gets the name: whoever changed the published one, or puts
    /// another in its place meanwhile, changes no other picture. Blocking: reads the published file.
    ///
    /// - Parameters:
    ///   - id: The part's task.
    ///   - content: What the part holds.
    ///   - path: The published file.
    /// - Returns: `nil` if the two are one file now, else why not.
    /// - Throws: `StoreError` if the disk is full or broken.
    package func share(
        _ id: Int64,
        _ content: ImageContent,
        with path: ImagePath
    ) throws(StoreError) -> String? {
        let link = "\(id).link"
        guard let folder = files.openFolder(of: path) else { return Self.isGone }
        unlinkat(parts, link, 0)
        let isLinked = linkat(folder, path.stem + path.extensionName, parts, link, 0) == 0
        let number = errno
        if folder != root { close(folder) }
        guard isLinked else {
            guard Self.refusals.contains(number) else {
                throw .system("link", path.description, number)
            }
            return number == ENOENT ? Self.isGone : System.message(number)
        }
        // Renaming one name of a file to another one of it does nothing, and leaves both.
        defer { unlinkat(parts, link, 0) }
        let file = openat(parts, link, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0, let found = try PublishedFiles.content(of: file, path.description),
            found.digest == content.digest
        else { return Self.isChanged }
        let part = Self.name(ofPart: id)
        guard renameat(parts, link, parts, part) == 0 else {
            throw .system("rename", "\(self.folder.parts)/\(part)", errno)
        }
        CrashPoint.linked.pass()
        return nil
    }

    /// Whether a published file holds this; if not, why.
    ///
    /// Blocking: reads it.
    ///
    /// - Returns: `nil` if it does.
    /// - Throws: `StoreError` if it can't be read.
    package func missing(_ content: ImageContent, at path: ImagePath) throws(StoreError) -> String?
    {
        guard let found = try files.content(at: path) else { return Self.isGone }
        return found.digest == content.digest ? nil : Self.isChanged
    }

    /// Whether two published paths are names of one file.
    ///
    /// - Throws: `StoreError` if one can't be opened.
    package func isOneFile(_ one: ImagePath, _ other: ImagePath) throws(StoreError) -> Bool {
        guard let first = try identity(of: one), let second = try identity(of: other) else {
            return false
        }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private func identity(of path: ImagePath) throws(StoreError) -> stat? {
        guard let file = try files.open(path) else { return nil }
        defer { close(file) }
        var status = stat()
        return fstat(file, &status) == 0 ? status : nil
    }

    private static let isGone = "the file of the first one is gone"
    private static let isChanged = "the file of the first one was changed"

    /// Why a file system makes no link: it has none, not across its border, or no more of this file; or
    /// the file is gone or somebody else's.
    private static let refusals = [
        EPERM, EACCES, EXDEV, EMLINK, ENOENT, ENOTDIR, ELOOP, EOPNOTSUPP, ENOTSUP, ENOSYS, EINVAL,
    ]
}
