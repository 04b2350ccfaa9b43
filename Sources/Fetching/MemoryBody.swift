import Synchronization

/// A body that is kept in memory, for listing pages.
package final class MemoryBody: BodySink {
    private let storage = Mutex<[UInt8]>([])

    /// A body that nothing has come for yet.
    package init() {}

    /// What has come so far.
    package var bytes: [UInt8] { storage.withLock { $0 } }

    /// Takes the next bytes of the body.
    ///
    /// - Parameter bytes: The bytes to append.
    package func receive(_ bytes: UnsafeRawBufferPointer) {
        storage.withLock { $0.append(contentsOf: bytes) }
    }

    /// Nothing is left to do: the bytes are there.
    ///
    /// - Parameter response: The answer they came with.
    package func finish(_ response: FetchResponse) {}

    /// Keeps the bytes that came, for those who want to look at them.
    package func abandon() {}
}
