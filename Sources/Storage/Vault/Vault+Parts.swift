package import CrawlModel
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What is known of the unfinished files on disk that nobody writes at the moment.
struct LeftParts {
    /// Completed by a run that died before they were published.
    var whole: Set<Int64> = []
    /// Cut off, with what is needed to go on.
    var begun: [Int64: PartOrigin] = [:]
}

extension Vault {
    /// An unfinished file for a task; nothing is made on disk before its first bytes.
    package func part(for task: ImageTask) -> PartFile { PartFile(id: task.id, vault: self) }

    /// Whether a body of this task was cut off and can go on.
    package func hasBegunPart(_ id: Int64) -> Bool { left.withLock { $0.begun[id] != nil } }

    /// The part of a body that was cut off, ready for the bytes behind it; `nil` if it is not there any more.
    ///
    /// Blocking: reads all of it, since what the whole file holds is to be known at its end.
    ///
    /// - Throws: `StoreError` if it can't be read.
    package func begunPart(for task: ImageTask) throws(StoreError) -> PartFile? {
        guard let origin = left.withLock({ $0.begun[task.id] }) else { return nil }
        if origin.asked == task.address.description {
            let name = Self.name(ofPart: task.id)
            let file = openat(parts, name, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
            if file >= 0 { return try PartFile(id: task.id, vault: self, file: file, of: origin) }
        }
        discardPart(task.id)
        return nil
    }

    /// The tasks that have a part on disk from before.
    package var tasksWithParts: [Int64] {
        left.withLock { Array($0.whole) + $0.begun.keys }
    }

    /// Whether a part of this task was completed by a run that died before it was published.
    func hasWholePart(_ id: Int64) -> Bool { left.withLock { $0.whole.contains(id) } }

    /// Forgets a whole part that an earlier run left; it is published or broken.
    func forgetWholePart(_ id: Int64) { left.withLock { _ = $0.whole.remove(id) } }

    /// Removes a part that nothing will come of.
    package func discardPart(_ id: Int64) {
        let wasBegun = left.withLock { left in
            left.whole.remove(id)
            return left.begun.removeValue(forKey: id) != nil
        }
        // First: what is begun anew must not be taken for the rest of something else.
        if wasBegun { removeOrigin(id) }
        unlinkat(parts, Self.name(ofPart: id), 0)
    }

    func mark(_ id: Int64, _ origin: PartOrigin) throws(StoreError) {
        guard origin.write(id, in: parts) else { throw error("write", id) }
    }

    /// Notes that a part was cut off and is to be gone on with.
    func leave(_ id: Int64, _ origin: PartOrigin) { left.withLock { $0.begun[id] = origin } }

    /// The part is whole, or is to be begun anew.
    func removeOrigin(_ id: Int64) {
        left.withLock { _ = $0.begun.removeValue(forKey: id) }
        unlinkat(parts, PartOrigin.name(ofPart: id), 0)
    }

    /// Sorts what earlier runs left, and removes what nothing can come of.
    func sortParts() throws(StoreError) -> LeftParts {
        var left = LeftParts()
        let marksAreKept = keepsMarks()
        for name in try folder.partNames() {
            let id = name.hasSuffix(".part") ? Int64(name.dropLast(5)) : nil
            var status = stat()
            guard let id, fstatat(parts, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG, marksAreKept
            else {
                if !name.hasSuffix(".origin") { unlinkat(parts, name, 0) }
                continue
            }
            if status.st_mode & 0o777 != 0o600 {
                left.whole.insert(id)
            } else if status.st_nlink == 1, let origin = PartOrigin.read(id, in: parts) {
                // One with another name is a picture's file, and is never written to.
                left.begun[id] = origin
            } else {
                unlinkat(parts, name, 0)
            }
        }
        for name in try folder.partNames() where name.hasSuffix(".origin") {
            let id = Int64(name.dropLast(7))
            if id.map({ left.begun[$0] == nil }) ?? true { unlinkat(parts, name, 0) }
        }
        return left
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

extension CrawlFolder {
    /// The names of all files in the folder of unfinished ones.
    func partNames() throws(StoreError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: parts)
        } catch {
            throw .system("readdir", parts, EACCES)
        }
    }

    /// How many pictures have an unfinished file, and how many bytes those have.
    ///
    /// - Throws: `StoreError` if the folder can't be read.
    package func unfinishedParts() throws(StoreError) -> (count: Int, bytes: Int) {
        var sum = (count: 0, bytes: 0)
        for name in try partNames() where name.hasSuffix(".part") {
            var status = stat()
            guard lstat("\(parts)/\(name)", &status) == 0 else { continue }
            sum.count += 1
            sum.bytes += Int(status.st_size)
        }
        return sum
    }

    /// Removes unfinished files: those of some tasks, or all.
    func removeParts(of ids: Set<Int64>? = nil) throws(StoreError) {
        for name in try partNames() {
            let id = name.split(separator: ".").first.flatMap { Int64($0) }
            guard ids == nil || id.map({ ids?.contains($0) == true }) == true else { continue }
            guard unlink("\(parts)/\(name)") == 0 || [ENOENT, EISDIR].contains(errno) else {
                throw .system("unlink", "\(parts)/\(name)", errno)
            }
        }
    }
}
