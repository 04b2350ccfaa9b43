/// A number as 16 hexadecimal digits.
struct HexName: CustomStringConvertible {
    let bytes: [UInt8]

    init(_ number: UInt64) {
        bytes = (0..<16).reversed().map { position in
            let digit = UInt8(truncatingIfNeeded: number >> (4 * position)) & 15
            return digit < 10 ? 0x30 + digit : 0x57 + digit
        }
    }

    var description: String { String(decoding: bytes, as: UTF8.self) }
}
