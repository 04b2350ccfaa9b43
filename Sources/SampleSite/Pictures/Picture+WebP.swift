extension Picture {
    /// A lossless WebP (RFC 9649) in the extended format, which allows a chunk that nobody knows.
    static func webp(colour: [UInt8], comment: [UInt8]) -> [UInt8] {
        let size = UInt32(side - 1).littleEndianBytes.prefix(3)
        let content =
            Array("WEBP".utf8) + webpChunk("VP8X", [0, 0, 0, 0] + size + size)
            + webpChunk("VP8L", webpPixels(colour)) + webpChunk("SEED", comment)
        return webpChunk("RIFF", content)
    }

    /// One symbol for each channel: such codes have no bits, so no pixel takes any.
    private static func webpPixels(_ colour: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.write(0x2F, bits: 8)
        bits.write(side - 1, bits: 14)
        bits.write(side - 1, bits: 14)
        bits.write(0, bits: 1)  // no transparency
        bits.write(0, bits: 3)  // version
        bits.write(0, bits: 3)  // no transform, no colour cache, one group of codes
        for value in [colour[1], colour[0], colour[2], 255] {
            bits.write(0b101, bits: 3)  // a simple code, one symbol, of eight bits
            bits.write(Int(value), bits: 8)
        }
        bits.write(0b0001, bits: 4)  // distances: a simple code, one symbol, of one bit, 0
        bits.pad()
        return bits.bytes
    }

    private static func webpChunk(_ name: StaticString, _ content: [UInt8]) -> [UInt8] {
        let padding: [UInt8] = content.count.isMultiple(of: 2) ? [] : [0]
        return name.withUTF8Buffer { [UInt8]($0) } + UInt32(content.count).littleEndianBytes
            + content + padding
    }
}
