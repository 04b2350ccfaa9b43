import CSystem

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The right to write a crawl folder, held by one process at a time.
///
/// It is an exclusive kernel lock on a file in `.magpie/`. The kernel takes it back however
/// the process ends, so whoever holds it knows that every earlier run is over: no lease runs out, no
/// clock and no process id is trusted. The file is never removed; its text only names the holder.
package final class FolderLock: Sendable {
    private let file: Int32

    /// Takes the lock without waiting.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder; its `.magpie` folder must exist.
    ///   - holder: What other processes are told: command, process id, time.
    /// - Throws: `StoreError.locked` with the holder's text if another process has it.
    package init(_ folder: CrawlFolder, holder: String) throws(StoreError) {
        let file = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw .system("open", folder.lock, errno) }
        guard magpie_lock_exclusively(file) == 0 else {
            let number = errno
            defer { close(file) }
            guard number == EAGAIN || number == EACCES else {
                throw .system("lock", folder.lock, number)
            }
            throw .locked(folder.path, holder: Self.text(of: file))
        }
        let bytes = Array(holder.utf8)
        guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
            let number = errno
            close(file)
            throw .system("write", folder.lock, number)
        }
        self.file = file
    }

    deinit {
        magpie_unlock(file)
        close(file)
    }

    /// What the process that holds the lock says of itself; `nil` if nobody holds it.
    package static func holder(of folder: CrawlFolder) -> String? {
        let file = open(folder.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return magpie_is_locked(file) != 0 ? text(of: file) : nil
    }

    private static func text(of file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(file, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : "unknown"
    }
}
