/// The picture formats that magpie accepts, told by their first bytes.
///
/// Everything else is `not_an_image`. The list is closed on purpose: an extension that a server chooses
/// freely is how downloaders come to write programs and shortcuts. SVG is left out, since it may
/// hold scripts.
package enum ImageFormat: String, CaseIterable, Sendable {
    case jpeg, png, gif, webp, bmp, tiff, avif, heic, jxl, ico

    /// How many of the first bytes `init(head:)` looks at.
    package static let headBytes = 32
    /// How many of the last bytes `isEnded` looks at.
    package static let tailBytes = 64

    /// The format that a file's first bytes announce; `nil` if they are no picture's.
    ///
    /// - Parameter head: The first `headBytes` bytes, or all of a smaller file.
    package init?(head: some RandomAccessCollection<UInt8>) {
        let bytes = Array(head.prefix(Self.headBytes))
        func has(_ text: StaticString, at offset: Int = 0) -> Bool {
            text.withUTF8Buffer { bytes.dropFirst(offset).starts(with: $0) }
        }
        switch true {
        case bytes.starts(with: [0xFF, 0xD8, 0xFF]): self = .jpeg
        case bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]): self = .png
        case has("GIF87a"), has("GIF89a"): self = .gif
        case has("RIFF") && has("WEBP", at: 8): self = .webp
        case has("BM") && bytes.count >= 14 && bytes[6...9].allSatisfy({ $0 == 0 }): self = .bmp
        case bytes.starts(with: [0x49, 0x49, 0x2A, 0]), bytes.starts(with: [0x4D, 0x4D, 0, 0x2A]):
            self = .tiff
        case has("ftypavif", at: 4), has("ftypavis", at: 4): self = .avif
        case has("ftypheic", at: 4), has("ftypheix", at: 4), has("ftypmif1", at: 4): self = .heic
        case bytes.starts(with: [0xFF, 0x0A]),
            bytes.starts(with: [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]):
            self = .jxl
        case bytes.starts(with: [0, 0, 1, 0]) && bytes.count >= 6 && bytes[4] != 0: self = .ico
        default: return nil
        }
    }

    /// The extensions this format is known by, the usual one first.
    package var extensionNames: [String] {
        switch self {
        case .jpeg: [".jpg", ".jpeg", ".jpe", ".jfif"]
        case .tiff: [".tif", ".tiff"]
        case .heic: [".heic", ".heif"]
        default: [".\(rawValue)"]
        }
    }

    private static let knownExtensionNames = Set(allCases.flatMap(\.extensionNames))

    /// Whether a file of this format is whole, judged by its last bytes and its length.
    ///
    /// - Parameters:
    ///   - head: The first `headBytes` bytes, or all of a smaller file.
    ///   - tail: The last `tailBytes` bytes, or all of a smaller file.
    ///   - length: The length of the file in bytes.
    /// - Returns: `nil` for a format whose end can't be told this way.
    package func isEnded(head: [UInt8], tail: [UInt8], length: Int) -> Bool? {
        switch self {
        // Writers pad with zeros after the end marker; more than that is rare.
        case .jpeg: tail.reversed().drop { $0 == 0 }.starts(with: [0xD9, 0xFF])
        case .gif: tail.reversed().drop { $0 == 0 }.starts(with: [0x3B])
        case .png: tail.suffix(12).elementsEqual([0, 0, 0, 0] + Array("IEND".utf8) + Self.iendCRC)
        case .webp: Self.littleEndian(head, at: 4).map { length >= $0 + 8 }
        case .bmp: Self.littleEndian(head, at: 2).map { length >= $0 }
        case .tiff, .avif, .heic, .jxl, .ico: nil
        }
    }

    private static let iendCRC: [UInt8] = [0xAE, 0x42, 0x60, 0x82]

    private static func littleEndian(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard bytes.count >= offset + 4 else { return nil }
        return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    /// The extension of a file name if it is a picture's, in lower case with its dot; else nothing.
    package static func extensionName(ofFile name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        let suffix = name[dot...].lowercased()
        return knownExtensionNames.contains(suffix) ? suffix : ""
    }
}
