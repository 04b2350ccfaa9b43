/// Bits packed into bytes from the lowest bit up, as deflate, GIF and WebP have them.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// Adds the lowest `count` bits of a value, its lowest bit first; at most 32.
    mutating func write(_ value: Int, bits count: Int) {
        pending |= UInt64(value) << pendingBits
        pendingBits += count
        while pendingBits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingBits -= 8
        }
    }

    /// Adds a Huffman code, its highest bit first (RFC 1951 section 3.1.1).
    mutating func write(code: Int, bits count: Int) {
        for position in (0..<count).reversed() { write(code >> position & 1, bits: 1) }
    }

    /// Fills the last byte with zeros.
    mutating func pad() {
        if pendingBits > 0 { write(0, bits: 8 - pendingBits) }
    }
}
