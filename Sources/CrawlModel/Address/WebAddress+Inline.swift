extension WebAddress {
    /// What stands for the host of pictures whose bytes are in the page itself; no host is called so.
    package static let inlineHost = "data:"

    /// The name of a picture whose bytes stand in the page (`data:`, RFC 2397).
    ///
    /// It is made of the bytes, so that equal pictures have equal addresses, however they are encoded:
    /// `data:image/png;sha256=9f86…,`.
    ///
    /// - Parameters:
    ///   - digest: The SHA-256 of the bytes.
    ///   - format: What the first bytes announce, if they are a picture's.
    package init(inlineDigest digest: [UInt8], format: ImageFormat?) {
        let digits = digest.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        let type = format.map { "image/\($0.rawValue)" } ?? ""
        self.init(inline: Self.inlineHost + type + Self.mark + digits + ",")
    }

    /// Reads the name of an inline picture, as a list has it; `nil` for anything else.
    package init?(inlineName name: String) {
        guard name.hasPrefix(Self.inlineHost) else { return nil }
        try? self.init(stored: name)
    }

    /// Whether a text that begins as such a name goes on as one, too.
    static func isInlineName(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = name.suffix(mark.utf8.count + 64 + 1)
        let type = name[inlineHost.utf8.count..<max(inlineHost.utf8.count, end.startIndex)]
        let isFormat =
            type.starts(with: "image/".utf8)
            && ImageFormat(rawValue: String(decoding: type.dropFirst(6), as: UTF8.self)) != nil
        return (type.isEmpty || isFormat)
            && end.starts(with: mark.utf8) && end.last == UInt8(ascii: ",")
            && end.dropFirst(mark.utf8.count).dropLast().allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }

    private static let mark = ";sha256="

    /// Whether it names bytes that stand in a page, and nothing that could be asked for.
    package var isInline: Bool { description.hasPrefix(Self.inlineHost) }

    /// What stands for a file's name: sixteen digits of the digest, and the extension of the format.
    var inlineFile: String {
        let halves = path.split(separator: Self.mark, omittingEmptySubsequences: false)
        let format = ImageFormat(rawValue: String((halves.first ?? "").dropFirst("image/".count)))
        return (halves.last ?? "").prefix(16) + (format?.extensionNames[0] ?? "")
    }
}
