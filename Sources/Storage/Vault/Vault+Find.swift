package import CrawlModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that is on disk already for a task that is not done.
package enum FoundFile: Equatable, Sendable {
    /// It has its final name.
    case published(ImageContent)
    /// It was completed by a run that died before it was published.
    case part(ImageContent)
}

extension Vault {
    /// Which of these tasks have a file on disk already.
    ///
    /// After a crash a picture may have its final name though its row does not say done; and a folder
    /// may hold pictures from before magpie. Neither is asked for again. Blocking, one system call a task.
    ///
    /// - Parameter tasks: Claimed pictures.
    /// - Returns: The ids of those for which `find` has something to look at.
    package func present(_ tasks: [ImageTask]) -> Set<Int64> {
        Set(tasks.lazy.filter { self.isPresent($0) }.map(\.id))
    }

    private func isPresent(_ task: ImageTask) -> Bool {
        if hasWholePart(task.id) { return true }
        // The older picture's own file tells nothing about the one that is asked for.
        if let older = task.older { return older.coming != nil }
        return faccessat(root, task.path.description, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Removes what changed names with a picture that is coming, if it is the older one; somebody's own file,
    /// which was put there at that moment, is set aside.
    private func clearPart(of task: ImageTask) throws(StoreError) {
        let ours = [task.older?.digest, task.older?.coming?.digest]
        if let digest = try content(ofPart: task.id)?.digest, !ours.contains(digest) {
            try setAside(".magpie/parts/\(Self.name(ofPart: task.id))", of: task.id)
        }
        discardPart(task.id)
    }

    /// What a part holds; `nil` if it is not there, or is no plain file.
    func content(ofPart id: Int64) throws(StoreError) -> ImageContent? {
        let name = Self.name(ofPart: id)
        let file = openat(parts, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        return file >= 0 ? try PublishedFiles.content(of: file, name) : nil
    }

    /// Reads the file that is on disk for a task.
    ///
    /// Blocking: reads all of it.
    ///
    /// - Parameter task: A task that `present` named.
    /// - Returns: What the file holds; `nil` if there is none, or something that is no plain file or may not
    ///   be read.
    /// - Throws: `StoreError` if it can't be read for another reason.
    package func find(_ task: ImageTask) throws(StoreError) -> FoundFile? {
        if let coming = task.older?.coming, let content = try files.content(at: coming.path),
            content.digest == coming.digest
        {
            if hasWholePart(task.id) { try clearPart(of: task) }
            return .published(content)
        }
        if hasWholePart(task.id) {
            let file = openat(parts, Self.name(ofPart: task.id), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard file >= 0 else { throw error("open", task.id) }
            return try PublishedFiles.content(of: file, task.path.description).map(FoundFile.part)
        }
        guard task.older == nil else { return nil }
        return try files.content(at: task.path).map(FoundFile.published)
    }
}
