/// Where the parts of an absolute address stand in its text, in bytes.
struct AddressPlaces: Hashable, Sendable {
    /// The host; behind it stand a colon and a port, or the path.
    let host: Range<Int>
    /// The path; behind it stand a question mark and the query, or the end.
    let path: Range<Int>
    /// The length of the text.
    let end: Int

    /// Finds the parts of `scheme://host/path?query`, or of the name of an inline picture; `nil` if the text
    /// has no such shape.
    init?(in text: String) {
        var text = text
        let places = text.withUTF8 { bytes -> (Range<Int>, Range<Int>)? in
            if bytes.starts(with: WebAddress.inlineHost.utf8) {
                guard WebAddress.isInlineName(bytes) else { return nil }
                return (0..<WebAddress.inlineHost.utf8.count, 5..<bytes.count)
            }
            guard let colon = bytes.prefix(6).firstIndex(of: UInt8(ascii: ":")),
                bytes.dropFirst(colon).starts(with: "://".utf8),
                let slash = bytes.dropFirst(colon + 3).firstIndex(of: UInt8(ascii: "/"))
            else { return nil }
            let start = colon + 3
            // Behind the bracket of an IPv6 address, which has colons of its own.
            let inside = bytes[start..<slash].firstIndex(of: UInt8(ascii: "]")) ?? start
            let hostEnd = bytes[inside..<slash].firstIndex(of: UInt8(ascii: ":")) ?? slash
            let pathEnd = bytes[slash...].firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
            guard hostEnd > start else { return nil }
            return (start..<hostEnd, slash..<pathEnd)
        }
        guard let places else { return nil }
        (host, path) = places
        end = text.utf8.count
    }

    /// Whether an address is in normal form as it stands; `false` also for some that are, such as those
    /// with percent-encodings.
    func isNormal(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.starts(with: "http://".utf8) || bytes.starts(with: "https://".utf8),
                bytes[host].allSatisfy(Self.isPlainHost),
                isNormalPort(bytes[host.upperBound..<path.lowerBound], of: bytes)
            else { return false }
            var last: UInt8 = 0
            for byte in bytes[path] {
                let isDotSegment = byte == UInt8(ascii: ".") && last == UInt8(ascii: "/")
                guard PercentEncoding.mayStay(byte, in: .path), !isDotSegment else { return false }
                last = byte
            }
            return bytes[path.upperBound...].allSatisfy { PercentEncoding.mayStay($0, in: .query) }
        }
    }

    private static func isPlainHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Whether this is nothing, or a colon with a port that is not the scheme's own.
    private func isNormalPort(
        _ text: Slice<UnsafeBufferPointer<UInt8>>,
        of bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let first = text.dropFirst().first else { return text.isEmpty }
        let digits = text.dropFirst()
        guard digits.count <= 5, first != UInt8(ascii: "0"),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return false }
        let port = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        return port <= 65535 && port != (bytes[4] == UInt8(ascii: "s") ? 443 : 80)
    }
}
