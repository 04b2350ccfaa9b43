/// What is known of a file's content without keeping it: enough to say whether it is a whole picture.
package struct ImageContent: Equatable, Sendable {
    /// The length in bytes.
    package let bytes: Int
    /// The SHA-256 of all bytes.
    package let digest: [UInt8]
    /// The first `ImageFormat.headBytes` bytes, or all of a smaller file.
    package let head: [UInt8]
    /// The last `ImageFormat.tailBytes` bytes, or all of a smaller file.
    package let tail: [UInt8]

    /// Content of its parts.
    package init(bytes: Int, digest: [UInt8], head: [UInt8], tail: [UInt8]) {
        self.bytes = bytes
        self.digest = digest
        self.head = head
        self.tail = tail
    }

    /// The picture's format, or why it is not accepted as a picture.
    ///
    /// - Parameter isFramed: Whether the transfer proved that all bytes came (a length, chunks, a stream's
    ///   end). Then trailing bytes after the picture's end, which cameras and editors do append, are no
    ///   fault. Without such a proof the picture's own end marker must be there.
    /// - Returns: The format, or a failure of class `not_an_image` or `truncated`.
    package func judge(isFramed: Bool) -> Result<ImageFormat, Failure> {
        guard bytes > 0 else {
            return .failure(Failure(.notAnImage, "the answer was empty"))
        }
        guard let format = ImageFormat(head: head) else {
            return .failure(
                Failure(.notAnImage, "the bytes are \(kind), not a picture", bytes: bytes)
            )
        }
        guard isFramed || format.isEnded(head: head, tail: tail, length: bytes) != false else {
            let message = "the \(format) picture has no end after \(bytes) bytes"
            return .failure(Failure(.truncated, message, bytes: bytes))
        }
        return .success(format)
    }

    /// What the first bytes look like, for messages.
    private var kind: String {
        let text = head.drop { $0 <= 0x20 || $0 >= 0x80 }
        if text.first == UInt8(ascii: "<") { return "an HTML or XML page" }
        if text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") { return "JSON" }
        return head.allSatisfy { $0 >= 0x09 && $0 != 0x7F } ? "text" : "of an unknown kind"
    }
}

extension Failure: Error {}
