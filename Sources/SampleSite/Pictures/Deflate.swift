/// Writes deflate streams (RFC 1951): stored as they are, or endless zeros at 1 to 150.
enum Deflate {
    /// A zlib stream (RFC 1950) that holds the bytes as they are.
    static func zlib(stored bytes: [UInt8]) -> [UInt8] {
        [0x78, 0x01] + stored(bytes) + Checksum.adler32(bytes).bigEndianBytes
    }

    /// A gzip file (RFC 1952) that holds the bytes as they are.
    static func gzip(stored bytes: [UInt8]) -> [UInt8] {
        gzipBegin + stored(bytes) + Checksum.crc32(bytes).littleEndianBytes
            + UInt32(truncatingIfNeeded: bytes.count).littleEndianBytes
    }

    /// A gzip file that unpacks to so many zeros.
    static func gzip(zeros count: Int) -> [UInt8] {
        gzipBegin + zeros(count) + Checksum.crc32(zeros: count).littleEndianBytes
            + UInt32(truncatingIfNeeded: count).littleEndianBytes
    }

    /// Deflate, no flags, no time, system unknown.
    private static let gzipBegin: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let blocks = bytes.pieces(of: 65_535).flatMap { piece in
            let length = UInt16(piece.count)
            return [0] + length.littleEndianBytes + (~length).littleEndianBytes + piece
        }
        // An empty last block, so that no other has to know that it is the last.
        return blocks + [1, 0, 0, 0xFF, 0xFF]
    }

    /// One zero, then copies of the byte before, 258 at a time, in the fixed codes of section
    /// 3.2.6.
    private static func zeros(_ count: Int) -> [UInt8] {
        let longestCopy = 258
        var bits = BitWriter()
        bits.write(0b011, bits: 3)  // the last block, fixed codes
        let copies = max(0, count - 1) / longestCopy
        for _ in 0..<(count - copies * longestCopy) { bits.write(code: 0b0011_0000, bits: 8) }
        // Length code 285 is 11000101 and distance code 0 is 00000, both highest bit first.
        for _ in 0..<copies { bits.write(0b0_0000_1010_0011, bits: 13) }
        bits.write(code: 0, bits: 7)
        bits.pad()
        return bits.bytes
    }
}
