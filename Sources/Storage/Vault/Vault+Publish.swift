package import CrawlModel
import CSystem

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Vault {
    /// Gives complete parts their final names.
    ///
    /// All parts are synced, then renamed, then their folders are synced; when this returns they are
    /// there to stay. A name that is taken is never replaced. Blocking: not for Swift's own threads.
    ///
    /// - Parameter files: Tasks with complete parts and the paths they own.
    /// - Returns: For each, in order, `nil` or why it could not get its name.
    /// - Throws: `StoreError` if the disk is full or broken; some files may have their names then.
    package func publish(_ files: [(id: Int64, path: ImagePath)]) throws(StoreError) -> [Failure?] {
        if isDurable { try syncParts(files.map(\.id)) }
        var folders = OpenFolders(vault: self)
        defer { folders.close() }
        var outcomes: [Failure?] = []
        for file in files {
            let name = file.path.stem + file.path.extensionName
            guard let target = try folders.open(file.path.folder, making: true) else {
                outcomes.append(Self.blocked("'\(file.path.folder)' is not a folder"))
                discardPart(file.id)
                continue
            }
            let part = Self.name(ofPart: file.id)
            if magpie_rename_exclusively(parts, part, target, name) == 0 {
                forgetWholePart(file.id)
                outcomes.append(nil)
                continue
            }
            let number = errno
            switch number {
            case EEXIST:
                outcomes.append(Self.blocked("a file that magpie did not write has this path"))
            case ENAMETOOLONG, EINVAL, EILSEQ:
                outcomes.append(Failure(.disk, "the file system refuses the name"))
            default: throw .system("rename", file.path.description, number)
            }
            discardPart(file.id)
        }
        if isDurable { try folders.sync() }
        return outcomes
    }

    private static func blocked(_ message: String) -> Failure { Failure(.pathTaken, message) }

    /// Removes a part that will not be published.
    package func discardPart(_ id: Int64) {
        forgetWholePart(id)
        unlinkat(parts, Self.name(ofPart: id), 0)
    }

    private func syncParts(_ ids: [Int64]) throws(StoreError) {
        switch magpie_sync_filesystem(root) {
        case 1: return
        case 0:
            for id in ids {
                let file = openat(parts, Self.name(ofPart: id), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
                guard file >= 0 else { throw error("open", id) }
                defer { close(file) }
                guard magpie_sync_file(file) == 0 else { throw error("fsync", id) }
            }
        default: throw .system("syncfs", folder.path, errno)
        }
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
    mutating func open(_ path: String, making: Bool) throws(StoreError) -> Int32? {
        changed.insert(path)
        if path.isEmpty { return vault.root }
        if let folder = open[path] { return folder }
        let cut = path.dropLast().lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        let (parent, name) = (String(path[..<cut]), String(path[cut...].dropLast()))
        guard let above = try open(parent, making: making) else { return nil }
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
