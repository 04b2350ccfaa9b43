extension Picture {
    /// A GIF89a with a colour table of two colours and a comment extension.
    static func gif(colour: [UInt8], comment: [UInt8]) -> [UInt8] {
        let size = UInt16(side).littleEndianBytes
        // 0x80: a global table of two colours. Background colour and pixel aspect are not used.
        let screen = Array("GIF89a".utf8) + size + size + [0x80, 0, 0]
        let table = colour + [0, 0, 0]
        let remark = [0x21, 0xFE] + gifBlocks(comment)
        let image = [0x2C, 0, 0, 0, 0] + size + size + [0] + gifPixels
        return screen + table + remark + image + [0x3B]
    }

    /// All pixels colour 0, in codes of three bits.
    ///
    /// A clear code after every second pixel keeps the LZW table empty, so the codes never get
    /// longer.
    private static let gifPixels: [UInt8] = {
        let (clear, end) = (4, 5)
        var codes = BitWriter()
        for _ in 0..<(side * side / 2) {
            codes.write(clear, bits: 3)
            codes.write(0, bits: 3)
            codes.write(0, bits: 3)
        }
        codes.write(end, bits: 3)
        codes.pad()
        return [2] + gifBlocks(codes.bytes)
    }()

    /// Blocks of at most 255 bytes, each after its length, and an empty one that ends them.
    private static func gifBlocks(_ bytes: [UInt8]) -> [UInt8] {
        bytes.pieces(of: 255).flatMap { [UInt8($0.count)] + $0 } + [0]
    }
}
