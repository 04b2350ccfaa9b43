/// A small valid picture made in code: 16 by 16 pixels in one colour, and a comment of its own.
///
/// Colour and comment come from `number`, so that two numbers never give the same bytes. The
/// comment also pads the file to a wanted size. Nothing is compressed: the bytes are the same
/// everywhere.
package struct Picture: Sendable, Hashable {
    /// The formats a gallery shows.
    package enum Format: String, CaseIterable, Sendable {
        case jpeg, png, gif, webp

        /// The usual ending of a file name, with its dot.
        package var suffix: String { self == .jpeg ? ".jpg" : ".\(rawValue)" }

        /// The media type a server gives for it.
        package var mediaType: String { "image/\(rawValue)" }
    }

    /// How wide and how high every picture is, in pixels.
    static let side = 16

    /// How it is written.
    package let format: Format
    /// The whole file.
    package let bytes: [UInt8]
    /// A strong validator for these bytes, with its quotes (RFC 9110 section 8.8.3).
    package let tag: String

    /// Makes a picture.
    ///
    /// - Parameters:
    ///   - format: How to write it.
    ///   - number: What makes it unlike the others.
    ///   - minimumBytes: The file gets at least so many bytes, and at most some hundred more.
    package init(_ format: Format, number: UInt64, minimumBytes: Int = 600) {
        let name = HexName(number)
        let comment = Self.comment(name, length: minimumBytes)
        let colour = (0..<3).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        self.format = format
        tag = "\"\(name)\""
        bytes =
            switch format {
            case .jpeg: Self.jpeg(shade: colour[0], comment: comment)
            case .png: Self.png(colour: colour, comment: comment)
            case .gif: Self.gif(colour: colour, comment: comment)
            case .webp: Self.webp(colour: colour, comment: comment)
            }
    }

    /// The name, and after it as much of the alphabet as fits; never shorter than the name.
    private static func comment(_ name: HexName, length: Int) -> [UInt8] {
        let text = name.bytes
        return text + (0..<max(0, length - text.count)).map { 0x61 + UInt8($0 % 26) }
    }
}
