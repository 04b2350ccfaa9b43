extension Picture {
    /// A PNG with a palette of one colour (ISO/IEC 15948) and a private chunk for the comment.
    static func png(colour: [UInt8], comment: [UInt8]) -> [UInt8] {
        pngBegin + pngChunk("PLTE", colour) + pngPixels + pngChunk("seEd", comment)
            + pngChunk("IEND", [])
    }

    private static let pngBegin: [UInt8] = {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let size = UInt32(side).bigEndianBytes
        // One bit a pixel, palette, deflate, no filters, not interlaced.
        return signature + pngChunk("IHDR", size + size + [1, 3, 0, 0, 0])
    }()

    /// All pixels colour 0: each line is a filter byte and its bits.
    private static let pngPixels: [UInt8] = {
        let lines = [UInt8](repeating: 0, count: side * (1 + side / 8))
        return pngChunk("IDAT", Deflate.zlib(stored: lines))
    }()

    private static func pngChunk(_ name: StaticString, _ content: [UInt8]) -> [UInt8] {
        let checked = name.withUTF8Buffer { [UInt8]($0) } + content
        return UInt32(content.count).bigEndianBytes + checked
            + Checksum.crc32(checked).bigEndianBytes
    }
}
