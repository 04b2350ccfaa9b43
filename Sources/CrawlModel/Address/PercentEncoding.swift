/// Percent-encoding of addresses (RFC 3986, section 2.1).
enum PercentEncoding {
    /// Where in an address a text stands, which decides what may stay as it is.
    enum Part { case path, query }

    /// Encodes what must be encoded, upper-cases what is encoded, and decodes unreserved characters.
    static func normal(_ text: String, keeping part: Part) -> String {
        let bytes = Array(text.utf8)
        if bytes.allSatisfy({ mayStay($0, in: part) }) { return text }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), let value = hexPair(bytes, at: index + 1) {
                if isUnreserved(value) {
                    out.append(value)
                } else {
                    append(encoded: value, to: &out)
                }
                index += 3
            } else {
                if mayStay(byte, in: part) {
                    out.append(byte)
                } else {
                    append(encoded: byte, to: &out)
                }
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Encodes everything but unreserved characters, so that the text means itself anywhere.
    static func encodeAll(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) { out.append(byte) } else { append(encoded: byte, to: &out) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Decodes every percent-encoding; bytes that are no UTF-8 become replacement characters.
    static func decode(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), let value = hexPair(bytes, at: index + 1) {
                out.append(value)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func append(encoded byte: UInt8, to out: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        out.append(UInt8(ascii: "%"))
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
    }

    private static func hexPair(_ bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 1 < bytes.count, let high = hexDigit(bytes[index]),
            let low = hexDigit(bytes[index + 1])
        else { return nil }
        return high << 4 | low
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    /// Characters that stand for themselves: unreserved ones and delimiters; `%` never, it is looked at.
    static func mayStay(_ byte: UInt8, in part: Part) -> Bool {
        if isUnreserved(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"),
            UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"):
            return true
        case UInt8(ascii: "?"), UInt8(ascii: "|"): return part == .query
        default: return false
        }
    }
}
