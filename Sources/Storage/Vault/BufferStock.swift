import Synchronization

/// Empty buffers for parts, used again and again: a buffer that grows with its picture and goes with it
/// costs more than the bytes that pass through it.
final class BufferStock: Sendable {
    /// Most pictures are smaller, so that one call writes them.
    static let bufferBytes = 64 * 1024

    /// More parts than this are never written at the same time but by recipes with many workers.
    private static let kept = 64
    private let buffers = Mutex<[[UInt8]]>([])

    /// A buffer with room for `bufferBytes`.
    func take() -> [UInt8] {
        if let buffer = buffers.withLock({ $0.popLast() }) { return buffer }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(Self.bufferBytes)
        return buffer
    }

    /// Takes an empty buffer back, which nobody else has.
    func giveBack(_ buffer: [UInt8]) {
        buffers.withLock { buffers in
            if buffers.count < Self.kept { buffers.append(buffer) }
        }
    }
}
