/// The checksums of PNG, zlib and gzip.
enum Checksum {
    /// CRC-32 as PNG and gzip use it (RFC 1952 section 8).
    static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8
        }
    }

    /// CRC-32 of so many zero bytes, in steps that double.
    static func crc32(zeros count: Int) -> UInt32 {
        var register: UInt32 = ~0
        var power = byteStep
        var rest = count
        while rest > 0 {
            if rest & 1 == 1 { register = product(power, register) }
            power = product(power, power)
            rest >>= 1
        }
        return ~register
    }

    /// Adler-32 as zlib uses it (RFC 1950 section 8).
    static func adler32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let (low, high) = bytes.reduce((1, 0) as (UInt32, UInt32)) { sums, byte in
            let low = (sums.0 + UInt32(byte)) % 65521
            return (low, (sums.1 + low) % 65521)
        }
        return high << 16 | low
    }

    private static let polynomial: UInt32 = 0xEDB8_8320
    /// What one zero byte does to the register: x to the 8th, highest power in the lowest bit.
    private static let byteStep: UInt32 = 1 << (31 - 8)

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in timesX(value) }
    }

    private static func timesX(_ value: UInt32) -> UInt32 {
        value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
    }

    /// The product of two polynomials over GF(2), modulo that of CRC-32.
    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var sum: UInt32 = 0
        var shifted = right
        for position in (0..<32).reversed() {
            if left >> position & 1 == 1 { sum ^= shifted }
            shifted = timesX(shifted)
        }
        return sum
    }
}
