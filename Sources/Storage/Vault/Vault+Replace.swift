import CSystem
import CrashPoints
package import CrawlModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Vault {
    /// Whether a path has a file that is not the one with this digest: somebody has changed it.
    ///
    /// Blocking: reads it.
    ///
    /// - Throws: `StoreError` if it can't be read.
    package func hasAnother(than digest: [UInt8], at path: ImagePath) throws(StoreError) -> Bool {
        try files.content(at: path).map { $0.digest != digest } ?? false
    }

    /// Gives a part the name of the one file that it may replace.
    ///
    /// The two change names at one moment, and the other one is looked at before it goes: what somebody
    /// changed at the last moment gets its name back. A file system that can't do that leaves the moment
    /// between the look and the rename.
    ///
    /// - Parameters:
    ///   - file: The part.
    ///   - folder: The open folder of its path.
    /// - Returns: `false` if that file is not there, but another one or none.
    /// - Throws: `StoreError` if one can't be read.
    func replace(_ file: UnpublishedFile, in folder: Int32) throws(StoreError) -> Bool {
        guard let digest = file.replaced, try files.content(at: file.path)?.digest == digest else {
            return false
        }
        let (part, name) = (Self.name(ofPart: file.id), file.path.stem + file.path.extensionName)
        guard magpie_exchange(parts, part, folder, name) == 0 else {
            guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else { return false }
            return renameat(parts, part, folder, name) == 0
        }
        CrashPoint.exchanged.pass()
        guard try content(ofPart: file.id)?.digest == digest else {
            guard magpie_exchange(parts, part, folder, name) == 0 else {
                throw .system("rename", file.path.description, errno)
            }
            return false
        }
        discardPart(file.id)
        return true
    }
}
