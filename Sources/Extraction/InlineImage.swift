import CCrypto
import CrawlModel

/// A picture whose bytes stand in the page: `data:image/png;base64,…` (RFC 2397).
struct InlineImage {
    let content: [UInt8]
    let address: WebAddress

    /// Whether a reference is meant to be one.
    static func isMeant(by reference: String) -> Bool {
        reference.utf8.count >= 5
            && zip(reference.utf8, "data:".utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
    }

    /// Reads what stands in a page, as browsers do (Fetch Standard, section 6).
    ///
    /// - Throws: `AddressError.badData`.
    init(_ reference: String) throws(AddressError) {
        let text = reference.utf8.dropFirst("data:".utf8.count).prefix { $0 != UInt8(ascii: "#") }
        guard let comma = text.firstIndex(of: UInt8(ascii: ",")) else {
            throw .badData("it has no comma before its bytes")
        }
        let type = String(decoding: text[..<comma], as: UTF8.self).lowercased()
            .filter { $0 != " " }
        let bytes = Self.decoded(text[text.index(after: comma)...])
        if type.hasSuffix(";base64") {
            guard let content = Self.base64(bytes) else { throw .badData("it is no base64") }
            self.content = content
        } else {
            content = bytes
        }
        address = WebAddress(
            inlineDigest: Self.digest(of: content),
            format: ImageFormat(head: content.prefix(ImageFormat.headBytes))
        )
    }

    /// The bytes that a text stands for, percent-encodings decoded.
    private static func decoded(_ text: Substring.UTF8View) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                out.append(UInt8(digits[0] << 4 | digits[1]))
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return out
    }

    /// Decodes base64 with or without its padding, and with blanks in it (Infra Standard, section 8).
    static func base64(_ text: [UInt8]) -> [UInt8]? {
        var digits = text.filter { !$0.isBlank }
        if digits.count % 4 == 0 {
            for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(digits.count / 4 * 3 + 2)
        var (bits, width): (UInt32, Int) = (0, 0)
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x41...0x5A: value = digit - 0x41
            case 0x61...0x7A: value = digit - 0x61 + 26
            case 0x30...0x39: value = digit - 0x30 + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            width += 6
            guard width >= 8 else { continue }
            width -= 8
            out.append(UInt8(truncatingIfNeeded: bits >> UInt32(width)))
        }
        return out
    }

    private static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        return digest
    }
}
