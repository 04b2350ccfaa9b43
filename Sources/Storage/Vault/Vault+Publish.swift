import CrashPoints
package import CrawlModel
import CSystem

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A complete part, and what it is to become.
package struct UnpublishedFile: Sendable {
    /// The task, after which the part is named.
    package let id: Int64
    /// The path that the task owns.
    package let path: ImagePath
    /// What the part holds.
    package let content: ImageContent
    /// The SHA-256 of the one file that may be there and lose the name to it; `nil` if none may.
    package let replaced: [UInt8]?

    /// A file of its parts.
    package init(id: Int64, path: ImagePath, content: ImageContent, replaced: [UInt8]? = nil) {
        self.id = id
        self.path = path
        self.content = content
        self.replaced = replaced
    }
}

extension Vault {
    /// Gives complete parts their final names.
    ///
    /// All parts are synced, then renamed, then their folders are synced; when this returns they are
    /// there to stay. A file that has the name already is never replaced, unless it is the very
    /// one that is to be; if it holds the same bytes, it is the picture: a run that died between rename and
    /// commit left it, or somebody else saved it before. Blocking: not for Swift's own threads.
    ///
    /// - Parameters:
    ///   - files: What to publish.
    ///   - found: Files that had their names when they were looked for, to be synced with the others.
    /// - Returns: For each, in order, `nil` or why it could not get its name.
    /// - Throws: `StoreError` if the disk is full or broken; some files may have their names then.
    package func publish(
        _ files: [UnpublishedFile],
        found: [ImagePath] = []
    ) throws(StoreError) -> [Failure?] {
        var folders = OpenFolders(vault: self)
        defer { folders.close() }
        if isDurable { try sync(files, found, in: &folders) }
        CrashPoint.synced.pass()
        var outcomes: [Failure?] = []
        for file in files {
            let name = file.path.stem + file.path.extensionName
            guard let target = try folders.open(file.path.folder) else {
                outcomes.append(Self.blocked("'\(file.path.folder)' is not a folder"))
                discardPart(file.id)
                continue
            }
            let part = Self.name(ofPart: file.id)
            let isRenamed =
                try replace(file, in: target)
                || magpie_rename_exclusively(parts, part, target, name) == 0
            if isRenamed {
                forgetWholePart(file.id)
                outcomes.append(nil)
                CrashPoint.renamed.pass()
                continue
            }
            let number = errno
            switch number {
            case EEXIST:
                let isSame = try self.files.content(at: file.path)?.digest == file.content.digest
                let refusal = Self.blocked("a file that magpie did not write has this path")
                outcomes.append(isSame ? nil : refusal)
            case ENAMETOOLONG, EINVAL, EILSEQ:
                outcomes.append(Failure(.disk, "the file system refuses the name"))
            default: throw .system("rename", file.path.description, number)
            }
            discardPart(file.id)
        }
        if isDurable { try folders.sync() }
        CrashPoint.named.pass()
        return outcomes
    }

    private static func blocked(_ message: String) -> Failure { Failure(.pathTaken, message) }

    /// Brings the bytes of a batch to the disk; with `syncfs` the names of found files too.
    private func sync(
        _ files: [UnpublishedFile],
        _ found: [ImagePath],
        in folders: inout OpenFolders
    ) throws(StoreError) {
        let isSynced = magpie_sync_filesystem(root)
        guard isSynced >= 0 else { throw .system("syncfs", folder.path, errno) }
        guard isSynced == 0 else { return }
        for file in files {
            let name = Self.name(ofPart: file.id)
            try sync(openat(parts, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), name)
        }
        for path in found {
            guard let file = try self.files.open(path) else { continue }
            try sync(file, path.description)
            _ = try folders.open(path.folder)
        }
    }

    private func sync(_ file: Int32, _ name: String) throws(StoreError) {
        guard file >= 0 else { throw .system("open", name, errno) }
        defer { close(file) }
        guard magpie_sync_file(file) == 0 else { throw .system("fsync", name, errno) }
    }
}

/// Folders below the crawl folder that are open while a batch is published.
private struct OpenFolders {
    private let vault: Vault
    private var open: [String: Int32] = [:]
    /// Folders in which something was made, to be synced.
    private var changed: Set<String> = []

    init(vault: Vault) { self.vault = vault }

    /// The folder at a path that ends with a slash or is empty; `nil` if something else is there.
    mutating func open(_ path: String) throws(StoreError) -> Int32? {
        changed.insert(path)
        if path.isEmpty { return vault.root }
        if let folder = open[path] { return folder }
        let cut = path.dropLast().lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        let (parent, name) = (String(path[..<cut]), String(path[cut...].dropLast()))
        guard let above = try open(parent) else { return nil }
        if mkdirat(above, name, 0o777) != 0, errno != EEXIST {
            throw .system("mkdir", path, errno)
        }
        let folder = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard folder >= 0 else {
            guard errno == ELOOP || errno == ENOTDIR else { throw .system("open", path, errno) }
            return nil
        }
        open[path] = folder
        return folder
    }

    func sync() throws(StoreError) {
        for path in changed {
            let folder = path.isEmpty ? vault.root : open[path]
            guard let folder else { continue }
            guard magpie_sync_file(folder) == 0 else { throw .system("fsync", path, errno) }
        }
    }

    mutating func close() {
        for folder in open.values { closeFile(folder) }
        open = [:]
    }
}

/// `close(2)`, under a name that a type with a `close` of its own can call.
private func closeFile(_ file: Int32) { close(file) }
