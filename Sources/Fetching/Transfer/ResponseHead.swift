/// What an answer says before its body, gathered line by line as curl hands the lines out.
///
/// An interim answer (1xx) has a head too; the next status line starts anew.
struct ResponseHead {
    /// The status; 0 before the first status line.
    private(set) var status = 0
    /// Whether the empty line came that ends the head.
    private(set) var isOver = false
    /// Bytes of all heads and trailers so far, which is what a limit needs.
    private(set) var bytes = 0
    private(set) var contentType: String?
    private(set) var etag: String?
    private(set) var lastModified: String?
    private(set) var date: String?
    private(set) var contentRange: String?
    private(set) var retryAfter: String?
    /// Where a redirect leads; bytes that are not ASCII are percent-encoded.
    private(set) var location: String?
    /// `nil` where it is missing or no number; `Int.max` for one that is too large for an `Int`.
    private(set) var contentLength: Int?
    /// How many cookies were set.
    private(set) var cookieCount = 0
    private var isChunked = false
    /// Whether a content coding changes the bytes.
    private(set) var isEncoded = false
    private var isStream = false

    /// Values longer than this are taken for missing: cut short they would mean something else.
    static let valueBytesMax = 1024
    /// The same for the address of a redirect.
    static let locationBytesMax = 16_384

    /// Whether the answer is one whose body is wanted: 2xx, and not a part that nobody asked for.
    var isSuccess: Bool { (200..<300).contains(status) && status != 206 }

    /// Whether the status sends one elsewhere for the same thing (RFC 9110, section 15.4).
    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether the end of the body is announced (RFC 9112, section 8).
    ///
    /// Not where it is encoded: curl takes a compressed stream that breaks off for a whole one.
    var isFramed: Bool {
        status == 204 || !isEncoded && (isStream || isChunked || contentLength != nil)
    }

    /// Takes the next line with its line end.
    mutating func take(_ line: UnsafeRawBufferPointer) {
        bytes += line.count
        if line.starts(with: "HTTP/".utf8) {
            self = ResponseHead(statusLine: line, after: self)
            return
        }
        // What comes after the end are trailers; nothing of them is needed.
        guard !isOver else { return }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            isOver = line.allSatisfy { $0 == 0x0D || $0 == 0x0A }
            return
        }
        takeField(
            name: UnsafeRawBufferPointer(rebasing: line[..<colon]),
            value: Self.trimmed(line[(colon + 1)...])
        )
    }

    init() {}

    private init(statusLine: UnsafeRawBufferPointer, after former: ResponseHead) {
        bytes = former.bytes
        cookieCount = former.cookieCount
        isStream = statusLine.dropFirst(5).first.map { $0 >= UInt8(ascii: "2") } ?? false
        let digits = statusLine.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix(3)
        status = Self.number(digits) ?? 0
    }

    /// Names are told by their length first, so that most headers cost one comparison of numbers.
    private mutating func takeField(
        name: UnsafeRawBufferPointer,
        value: Slice<UnsafeRawBufferPointer>
    ) {
        func named(_ text: StaticString) -> Bool {
            text.withUTF8Buffer { zip(name, $0).allSatisfy { $0 | 0x20 == $1 } }
        }
        switch name.count {
        case 4 where named("etag"): etag = Self.text(value)
        case 4 where named("date"): date = Self.text(value)
        case 8 where named("location"): location = Self.address(value)
        case 10 where named("set-cookie"): cookieCount += 1
        case 11 where named("retry-after"): retryAfter = Self.text(value)
        case 12 where named("content-type"): contentType = Self.text(value)
        case 13 where named("last-modified"): lastModified = Self.text(value)
        case 13 where named("content-range"): contentRange = Self.text(value)
        case 14 where named("content-length"): contentLength = Self.number(value)
        case 16 where named("content-encoding"): isEncoded = isEncoded || Self.isEncoding(value)
        case 17 where named("transfer-encoding"): isChunked = isChunked || Self.isChunked(value)
        default: break
        }
    }
}

// Reading values.
extension ResponseHead {
    private static func trimmed(
        _ value: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        var value = value.drop { $0 <= 0x20 }
        while let last = value.last, last <= 0x20 { value.removeLast() }
        return value
    }

    private static func text(_ value: Slice<UnsafeRawBufferPointer>) -> String? {
        value.count <= valueBytesMax ? String(decoding: value, as: UTF8.self) : nil
    }

    private static func address(_ value: Slice<UnsafeRawBufferPointer>) -> String? {
        guard value.count <= locationBytesMax else { return nil }
        var ascii: [UInt8] = []
        ascii.reserveCapacity(value.count)
        for byte in value {
            if byte < 0x80 {
                ascii.append(byte)
            } else {
                ascii.append(contentsOf: "%\(String(byte, radix: 16))".utf8)
            }
        }
        return String(decoding: ascii, as: UTF8.self)
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var number = 0
        for digit in digits {
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeNow) = tens.addingReportingOverflow(Int(digit) - 0x30)
            guard !isTooLarge, !isTooLargeNow else { return .max }
            number = sum
        }
        return number
    }

    /// Whether a content coding changes the bytes (RFC 9110, section 8.4.1).
    private static func isEncoding(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        !value.isEmpty
            && !(value.count == 8 && zip(value, "identity".utf8).allSatisfy { $0 | 0x20 == $1 })
    }

    /// Whether the last transfer coding is `chunked` (RFC 9112, section 6.1).
    private static func isChunked(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        let last = trimmed(
            value.split(separator: UInt8(ascii: ",")).last ?? value[value.endIndex...]
        )
        return last.count == 7 && zip(last, "chunked".utf8).allSatisfy { $0 | 0x20 == $1 }
    }
}
