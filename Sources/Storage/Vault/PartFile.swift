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
/// Unchecked, since a part belongs to one transfer: its bytes arrive on one thread, and whoever waits
/// for the transfer touches it only after the last of them; the hand-over orders the two.
package final class PartFile: @unchecked Sendable {
    /// The task's row.
    package let id: Int64
    private let vault: Vault
    private var file: Int32 = -1
    private var buffer: [UInt8] = []
    private var reader = ContentReader()

    init(id: Int64, vault: Vault) {
        self.id = id
        self.vault = vault
    }

    deinit { if file >= 0 { close(file) } }

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
    }

    /// Removes the file.
    package func discard() {
        giveBufferBack()
        guard file >= 0 else { return }
        close(file)
        file = -1
        unlinkat(vault.parts, Vault.name(ofPart: id), 0)
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
    }
}
