package import CrawlModel
import CSystem
import Foundation
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
    private let wholeParts: Mutex<Set<Int64>>

    /// Opens the folder and clears away what dead runs left unfinished.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder, made already and locked by this process.
    ///   - isDurable: Whether files are synced before they get their names; without it a power cut may
    ///     leave broken files, the end of the process does not.
    ///   - partsAreIntact: Whether the machine still runs as it did when the parts were written.
    /// - Throws: `StoreError`.
    package init(
        _ folder: CrawlFolder,
        isDurable: Bool,
        partsAreIntact: Bool
    ) throws(StoreError) {
        self.folder = folder
        self.isDurable = isDurable
        // There is no way to ask for the mask but to set it.
        let mask = umask(0)
        umask(mask)
        fileMode = 0o644 & ~mask
        files = try PublishedFiles(folder)
        parts = openat(files.root, ".magpie/parts", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard parts >= 0 else { throw .system("open", folder.parts, errno) }
        wholeParts = Mutex([])
        try clearParts(keepingWhole: partsAreIntact)
    }

    deinit { close(parts) }

    /// The crawl folder, open.
    var root: Int32 { files.root }

    /// An unfinished file for a task; nothing is made on disk before its first bytes.
    package func part(for task: ImageTask) -> PartFile { PartFile(id: task.id, vault: self) }

    static func name(ofPart id: Int64) -> String { "\(id).part" }

    func createPart(_ id: Int64) throws(StoreError) -> Int32 {
        let name = Self.name(ofPart: id)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        var file = openat(parts, name, flags, 0o600)
        if file < 0, errno == EEXIST {
            // An earlier try of this run left it.
            unlinkat(parts, name, 0)
            file = openat(parts, name, flags, 0o600)
        }
        guard file >= 0 else { throw error("open", id) }
        return file
    }

    func error(_ call: String, _ id: Int64) -> StoreError {
        .system(call, "\(folder.parts)/\(Self.name(ofPart: id))", errno)
    }

    /// Whether a part of this task was completed by a run that died before it was published.
    func hasWholePart(_ id: Int64) -> Bool { wholeParts.withLock { $0.contains(id) } }

    /// Forgets a whole part that an earlier run left; it is published or broken.
    func forgetWholePart(_ id: Int64) { wholeParts.withLock { _ = $0.remove(id) } }

    private func clearParts(keepingWhole keepsWhole: Bool) throws(StoreError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.parts)
        } catch {
            throw .system("readdir", folder.parts, EACCES)
        }
        let keepsWhole = keepsWhole && keepsMarks()
        for name in names {
            var status = stat()
            let id = name.hasSuffix(".part") ? Int64(name.dropLast(5)) : nil
            if keepsWhole, let id, fstatat(parts, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o777 != 0o600
            {
                wholeParts.withLock { _ = $0.insert(id) }
            } else {
                unlinkat(parts, name, 0)
            }
        }
    }

    /// Whether the file system keeps the mark of a whole part; FAT gives all files the same mode.
    private func keepsMarks() -> Bool {
        let name = "probe"
        unlinkat(parts, name, 0)
        let file = openat(parts, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer {
            close(file)
            unlinkat(parts, name, 0)
        }
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & 0o777 == 0o600
    }
}
