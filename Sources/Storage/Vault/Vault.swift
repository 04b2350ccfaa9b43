import CrawlModel
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The pictures on disk, and the unfinished ones on their way there.
package final class Vault: Sendable {
    /// The crawl folder.
    package let folder: CrawlFolder
    let files: PublishedFiles
    let parts: Int32
    let fileMode: mode_t
    let isDurable: Bool
    let buffers = BufferStock()
    let left = Mutex(LeftParts())

    /// Opens the folder, keeps of what dead runs left what can be gone on with, and clears the rest away.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder, made already and locked by this process.
    ///   - isDurable: Whether files are synced before they get their names; without it a power cut may
    ///     leave broken files, the end of the process does not.
    /// - Throws: `StoreError`.
    package init(_ folder: CrawlFolder, isDurable: Bool) throws(StoreError) {
        self.folder = folder
        self.isDurable = isDurable
        // There is no way to ask for the mask but to set it.
        let mask = umask(0)
        umask(mask)
        fileMode = 0o644 & ~mask
        files = try PublishedFiles(folder)
        parts = openat(files.root, ".magpie/parts", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard parts >= 0 else { throw .system("open", folder.parts, errno) }
        let left = try sortParts()
        self.left.withLock { $0 = left }
    }

    deinit { close(parts) }

    /// The crawl folder, open.
    var root: Int32 { files.root }

    static func name(ofPart id: Int64) -> String { "\(id).part" }

    func createPart(_ id: Int64) throws(StoreError) -> Int32 {
        let name = Self.name(ofPart: id)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        var file = openat(parts, name, flags, 0o600)
        if file < 0, errno == EEXIST {
            // An earlier try left it, in this run or as a whole one that is no good.
            forgetWholePart(id)
            unlinkat(parts, name, 0)
            file = openat(parts, name, flags, 0o600)
        }
        guard file >= 0 else { throw error("open", id) }
        return file
    }

    func error(_ call: String, _ id: Int64) -> StoreError {
        .system(call, "\(folder.parts)/\(Self.name(ofPart: id))", errno)
    }
}
