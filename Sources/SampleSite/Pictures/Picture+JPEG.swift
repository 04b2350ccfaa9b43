extension Picture {
    /// A grey baseline JPEG (ITU-T T.81) with comment segments.
    static func jpeg(shade: UInt8, comment: [UInt8]) -> [UInt8] {
        let remarks = comment.pieces(of: 65_533).flatMap { jpegSegment(0xFE, Array($0)) }
        return [0xFF, 0xD8] + jfif + remarks + jpegTables + jpegPixels(shade) + [0xFF, 0xD9]
    }

    private static let jfif = jpegSegment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])

    private static let jpegTables: [UInt8] = {
        let quantisation = jpegSegment(0xDB, [0] + [UInt8](repeating: 8, count: 64))
        let size = UInt16(side).bigEndianBytes
        let frame = jpegSegment(0xC0, [8] + size + size + [1, 1, 0x11, 0])
        // The average's difference has 7 bits after code 0, or none after code 10.
        let averages = jpegSegment(0xC4, [0x00, 1, 1] + [UInt8](repeating: 0, count: 14) + [7, 0])
        // There is no detail: code 0 ends a block.
        let details = jpegSegment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
        let scan = jpegSegment(0xDA, [1, 1, 0x00, 0, 63, 0])
        return quantisation + frame + averages + details + scan
    }()

    /// Four blocks: the first sets the shade, the others say "as before".
    ///
    /// The bits are `0sssssss 0`, three times `10 0`, and ones to the end of the byte. No byte can
    /// be 0xFF, so none needs stuffing.
    private static func jpegPixels(_ shade: UInt8) -> [UInt8] { [shade & 0x7F, 0x49, 0x3F] }

    private static func jpegSegment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + UInt16(content.count + 2).bigEndianBytes + content
    }
}
