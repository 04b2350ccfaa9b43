/// Looks whether bytes are UTF-8 (Unicode Standard, section 3.9, table 3-7).
enum UTF8Check {
    /// Whether all bytes are UTF-8 and none is NUL, so that they can be parsed as they are.
    static func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while true {
            index = skipASCII(bytes, from: index)
            if index == bytes.count { return true }
            let length = sequenceLength(bytes, at: index)
            if length == 0 { return false }
            index += length
        }
    }

    /// Whether bytes of which nothing is known are rather UTF-8 than anything else: they hold more
    /// whole sequences than broken ones, as other encodings never do.
    static func isLikely(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var (whole, broken) = (0, 0)
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let length = sequenceLength(bytes, at: index)
            if length == 0 { broken += 1 } else { whole += 1 }
            index += max(1, length)
        }
        return whole > broken || broken == 0
    }

    /// The first index from `start` on whose byte is not ASCII, or is NUL.
    private static func skipASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A byte of zero borrows from its high bit when one is taken from it.
            if (word | (word &- ones)) & high != 0 { break }
            index += 8
        }
        while index < bytes.count, (0x01..<0x80).contains(bytes[index]) { index += 1 }
        return index
    }

    /// The length of the sequence of two to four bytes at an index; 0 if there is none.
    private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[index] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        var next = index + 2
        while next < index + length {
            if bytes[next] & 0xC0 != 0x80 { return 0 }
            next += 1
        }
        return length
    }
}
