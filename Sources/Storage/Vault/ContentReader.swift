import CrawlModel

/// Gathers what is to be known of a content while its bytes pass by.
struct ContentReader {
    private let hash = SHA256()
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    /// How many bytes passed by.
    private(set) var bytes = 0

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        hash.update(chunk)
        bytes += chunk.count
        if head.count < ImageFormat.headBytes {
            head.append(contentsOf: chunk.prefix(ImageFormat.headBytes - head.count))
        }
        if chunk.count >= ImageFormat.tailBytes {
            tail = Array(chunk.suffix(ImageFormat.tailBytes))
        } else {
            tail.append(contentsOf: chunk)
            tail.removeFirst(max(0, tail.count - ImageFormat.tailBytes))
        }
    }

    /// What was gathered; nothing may be read afterwards.
    func finish() -> ImageContent {
        ImageContent(bytes: bytes, digest: hash.finalize(), head: head, tail: tail)
    }
}
