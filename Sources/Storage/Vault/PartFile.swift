import CrashPoints
package import CrawlModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A picture's file while its bytes arrive, in `.magpie/parts` under the task's id.
///
/// It is written with permissions for its owner only and gets a file's usual ones when it is complete
/// and accepted. That mark tells, after the process ended in between, a whole file from a broken one.
///
/// Once it is large and its server can give the rest alone, its origin is written beside it; then it is
/// left where it is when its body is cut off, also by the end of the process.
///
/// Unchecked, since a part belongs to one transfer: its bytes arrive on one thread, and whoever waits
/// for the transfer touches it only after the last of them; the hand-over orders the two.
package final class PartFile: @unchecked Sendable {
    /// The task's row.
    package let id: Int64
    private let vault: Vault
    private var file: Int32 = -1
    private var buffer: [UInt8] = []
    private var reader = ContentReader()
    /// How many bytes an earlier try left.
    package private(set) var bytesBefore = 0
    /// Whose body it holds; `nil` if the rest of it could not be asked for alone.
    package private(set) var origin: PartOrigin?
    /// Whether the origin is on disk.
    private var isMarked = false

    /// Smaller parts are not worth it: they are fetched anew.
    package static let keptBytesMin = 1 << 20

    init(id: Int64, vault: Vault) {
        self.id = id
        self.vault = vault
    }

    /// Reads an open file to its end, to go on behind that.
    init(id: Int64, vault: Vault, file: Int32, of origin: PartOrigin) throws(StoreError) {
        self.id = id
        self.vault = vault
        self.file = file
        self.origin = origin
        isMarked = true
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = read(file, chunk.baseAddress, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw vault.error("read", id) }
            if count == 0 { break }
            reader.read(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
        bytesBefore = reader.bytes
    }

    deinit { if file >= 0 { close(file) } }

    /// How many bytes it has.
    package var bytes: Int { reader.bytes + buffer.count }

    /// Begins with the first byte of a body; what was there before goes.
    ///
    /// - Parameter origin: Whose body it is; `nil` if the rest of it could not be asked for alone.
    package func begin(_ origin: PartOrigin?) {
        if file >= 0 { discard() }
        reader = ContentReader()
        bytesBefore = 0
        self.origin = origin
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: `StoreError` if they can't be written.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        if buffer.capacity == 0 { buffer = vault.buffers.take() }
        if buffer.count + bytes.count > BufferStock.bufferBytes { try flush() }
        buffer.append(contentsOf: bytes)
        CrashPoint.receiving.pass()
    }

    /// Writes what is left and tells what the file holds; it is not accepted yet.
    ///
    /// - Throws: `StoreError` if it can't be written.
    package func finish() throws(StoreError) -> ImageContent {
        try flush()
        giveBufferBack()
        return reader.finish()
    }

    /// Marks the file as complete and accepted: from now on a crash does not lose it.
    ///
    /// - Throws: `StoreError` if the mark can't be set.
    package func accept() throws(StoreError) {
        guard fchmod(file, vault.fileMode) == 0 else { throw vault.error("fchmod", id) }
        close(file)
        file = -1
        CrashPoint.accepted.pass()
        unmark()
    }

    /// Leaves the file for the next try if that is worth it, or removes it.
    ///
    /// - Throws: `StoreError` if what is in memory of it can't be written.
    package func leave() throws(StoreError) {
        guard let origin, bytes >= Self.keptBytesMin else { return discard() }
        if !buffer.isEmpty { try flush() }
        giveBufferBack()
        guard file >= 0 else { return }
        close(file)
        file = -1
        vault.leave(id, origin)
        CrashPoint.left.pass()
    }

    /// Removes the file.
    package func discard() {
        giveBufferBack()
        guard file >= 0 else { return }
        close(file)
        file = -1
        // First: what is begun anew must not be taken for the rest of something else.
        unmark()
        unlinkat(vault.parts, Vault.name(ofPart: id), 0)
    }

    private func unmark() {
        guard isMarked else { return }
        isMarked = false
        vault.removeOrigin(id)
    }

    private func giveBufferBack() {
        guard buffer.capacity > 0 else { return }
        var used: [UInt8] = []
        swap(&used, &buffer)
        used.removeAll(keepingCapacity: true)
        vault.buffers.giveBack(used)
    }

    private func flush() throws(StoreError) {
        if file < 0 { file = try vault.createPart(id) }
        let failure: StoreError? = buffer.withUnsafeBytes { bytes in
            reader.read(bytes)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(
                    file,
                    UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count
                )
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return vault.error("write", id) }
                rest = rest.dropFirst(count)
            }
            return nil
        }
        if let failure { throw failure }
        buffer.removeAll(keepingCapacity: true)
        guard !isMarked, let origin, reader.bytes >= Self.keptBytesMin else { return }
        try vault.mark(id, origin)
        isMarked = true
        CrashPoint.marked.pass()
    }
}
