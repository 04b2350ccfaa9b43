package import CrawlModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The finished pictures of a crawl folder, for reading.
///
/// Every path is opened relative to the crawl folder, component by component, and no symbolic link is
/// followed, so that nothing planted in the folder leads out of it.
package final class PublishedFiles: Sendable {
    let root: Int32

    /// Opens a crawl folder.
    ///
    /// - Throws: `StoreError` if it can't be opened.
    package init(_ folder: CrawlFolder) throws(StoreError) {
        precondition(SHA256.isSetUp, "libcrypto can't be set up")
        root = openFile(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw .system("open", folder.path, errno) }
    }

    deinit { close(root) }

    /// Compares a picture's file with what its row says of it.
    ///
    /// Blocking: reads all of it.
    ///
    /// - Returns: What is wrong; `nil` if nothing is.
    /// - Throws: `StoreError` if the file can't be read.
    package func check(_ image: PublishedImage) throws(StoreError) -> Violation? {
        guard let content = try content(at: image.path) else {
            return Violation(.missingFile, of: image)
        }
        let isIt = content.bytes == image.bytes && content.digest == image.digest
        guard isIt || content.digest == image.comingDigest else {
            return Violation(.changedFile, of: image)
        }
        return nil
    }

    /// Whether a picture's file is there; its bytes are not looked at.
    ///
    /// Blocking: one system call a folder and file.
    ///
    /// - Returns: What is wrong; `nil` if nothing is.
    /// - Throws: `StoreError` if the file can't be opened.
    package func checkPresence(_ image: PublishedImage) throws(StoreError) -> Violation? {
        guard let file = try open(image.path) else { return Violation(.missingFile, of: image) }
        defer { close(file) }
        var status = stat()
        let isPlain = fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        return isPlain ? nil : Violation(.missingFile, of: image)
    }

    /// The bytes of a file; `nil` if there is none under this path, or if it has another length.
    ///
    /// Blocking: reads all of it.
    ///
    /// - Parameters:
    ///   - path: Its path below the crawl folder, as a row has it.
    ///   - length: How many bytes it should have.
    /// - Returns: That many bytes.
    /// - Throws: `StoreError` if the file can't be read.
    package func bytes(at path: String, length: Int) throws(StoreError) -> [UInt8]? {
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        let place = ImagePath(
            folder: String(path[..<cut]),
            stem: String(path[cut...]),
            extensionName: ""
        )
        guard let file = try open(place) else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int(status.st_size) == length
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < length {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(file, buffer.baseAddress.map { $0 + filled }, length - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", path, errno) }
            if count == 0 { return nil }
            filled += count
        }
        return bytes
    }

    /// What a file holds; `nil` if there is none under this path, or something that is no plain file.
    ///
    /// - Throws: `StoreError` if it can't be read.
    package func content(at path: ImagePath) throws(StoreError) -> ImageContent? {
        guard let file = try open(path) else { return nil }
        return try Self.content(of: file, path.description)
    }

    /// Opens a file for reading; `nil` if there is none under this path, or a link on the way.
    ///
    /// - Throws: `StoreError` if there is one that can't be opened.
    func open(_ path: ImagePath) throws(StoreError) -> Int32? {
        guard let folder = openFolder(of: path) else { return nil }
        defer { if folder != root { close(folder) } }
        let file = openat(
            folder,
            path.stem + path.extensionName,
            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        )
        guard file >= 0 else {
            // Gone, a link, a socket, or a file that somebody keeps to himself.
            guard [ENOENT, ELOOP, ENXIO, EACCES].contains(errno) else {
                throw .system("open", path.description, errno)
            }
            return nil
        }
        return file
    }

    /// Opens the folder of a path, to be closed unless it is `root`; `nil` if there is none, or a link on
    /// the way.
    func openFolder(of path: ImagePath) -> Int32? {
        var folder = root
        for component in path.folder.split(separator: "/") {
            let next = openat(
                folder,
                String(component),
                O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
            )
            if folder != root { close(folder) }
            guard next >= 0 else { return nil }
            folder = next
        }
        return folder
    }

    /// Reads an open file to its end and closes it; `nil` if it is no plain file.
    static func content(of file: Int32, _ path: String) throws(StoreError) -> ImageContent? {
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var reader = ContentReader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", path, errno) }
            if count == 0 { return reader.finish() }
            reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

/// `open(2)`, under a name that a type with an `open` of its own can call.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
