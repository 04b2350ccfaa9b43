/// Finds out which encoding a page is written in (HTML Standard, section 13.2.3.2).
///
/// The order is that of browsers: byte order mark, `Content-Type` header, what the page says itself.
/// Where nothing is said, a page that is UTF-8 but for a few bytes is taken for UTF-8, and any other
/// for windows-1252.
struct EncodingSniffer {
    /// How far into a page its own declaration is looked for.
    ///
    /// The standard asks for 1024 bytes; many pages have more in front of it, and browsers find it
    /// nevertheless.
    private static let prescanBytes = 8192

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// The encoding of a page with this `Content-Type` header, and how many bytes of it are a byte
    /// order mark.
    static func encoding(
        of bytes: UnsafeBufferPointer<UInt8>,
        contentType: String?,
        isMarkup: Bool
    ) -> (encoding: CharacterEncoding, markBytes: Int) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
        if let label = contentType.flatMap({ charset(in: $0) }),
            let encoding = CharacterEncoding(label: label)
        {
            return (encoding, 0)
        }
        let head = UnsafeBufferPointer(rebasing: bytes.prefix(prescanBytes))
        var sniffer = EncodingSniffer(bytes: head)
        if isMarkup, let encoding = sniffer.declared() { return (encoding, 0) }
        return (UTF8Check.isLikely(bytes) ? .utf8 : .windows1252, 0)
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The value of `charset` in a media type: `text/html; charset="gb2312"`.
    private static func charset(in text: String) -> Substring? {
        let lowered = text.asciiLowercased
        var rest = lowered[...]
        while let found = rest.firstRange(of: "charset") {
            rest = rest[found.upperBound...].drop { $0.isWhitespace }
            guard rest.first == "=" else { continue }
            let value = rest.dropFirst().drop { $0.isWhitespace }
            if let quote = value.first, quote == "\"" || quote == "'" {
                return value.dropFirst().prefix { $0 != quote }
            }
            return value.prefix { !$0.isWhitespace && $0 != ";" }
        }
        return nil
    }

    /// What the page says in `<meta>` or its XML declaration.
    private mutating func declared() -> CharacterEncoding? {
        if starts(with: "<?xml"), let end = bytes.firstIndex(of: UInt8(ascii: ">")) {
            position = 5
            while position < end, let attribute = attribute() {
                if attribute.name == "encoding" { return Self.usable(attribute.value) }
            }
        }
        position = 0
        while let found = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = found
            if starts(with: "<!--") {
                // `<!-->` is a whole comment.
                position += 2
                guard skip(past: "-->") else { return nil }
            } else if starts(with: "<meta"), isBlankOrSlash(at: position + 5) {
                position += 5
                if let encoding = meta() { return encoding }
            } else {
                position += 1
            }
        }
        return nil
    }

    /// Reads the attributes of a `<meta>`; `nil` if it does not speak of encodings.
    private mutating func meta() -> CharacterEncoding? {
        var charset: String?
        var content: String?
        var isContentType = false
        while let attribute = attribute() {
            switch attribute.name {
            case "charset": charset = charset ?? attribute.value
            case "content": content = content ?? attribute.value
            case "http-equiv": isContentType = attribute.value.asciiLowercased == "content-type"
            default: break
            }
        }
        if let charset { return Self.usable(charset) }
        guard isContentType, let content else { return nil }
        return Self.charset(in: content).flatMap { Self.usable($0) }
    }

    /// An encoding that bytes can be written in which were read as ASCII up to here.
    private static func usable(_ label: some StringProtocol) -> CharacterEncoding? {
        let encoding = CharacterEncoding(label: label)
        return encoding == .utf16LE || encoding == .utf16BE ? .utf8 : encoding
    }

    // MARK: Bytes

    /// Reads the next attribute of a tag (HTML Standard, "get an attribute"); `nil` at the tag's end.
    private mutating func attribute() -> (name: String, value: String)? {
        while isBlankOrSlash(at: position) { position += 1 }
        let name = take { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") && !$0.isBlankOrSlash }
        guard !name.isEmpty || byte(position) == UInt8(ascii: "=") else { return nil }
        while isBlank(at: position) { position += 1 }
        guard byte(position) == UInt8(ascii: "=") else { return (name, "") }
        position += 1
        while isBlank(at: position) { position += 1 }
        if let quote = byte(position), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            position += 1
            let value = take { $0 != quote }
            // The page, or what is looked at of it, may end before the quote does.
            guard byte(position) == quote else { return nil }
            position += 1
            return (name, value)
        }
        return (name, take { $0 != UInt8(ascii: ">") && !$0.isBlank })
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> String {
        let start = position
        while let next = byte(position), isPart(next) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self).asciiLowercased
    }

    private func byte(_ index: Int) -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private func isBlank(at index: Int) -> Bool { byte(index)?.isBlank ?? false }

    private func isBlankOrSlash(at index: Int) -> Bool { byte(index)?.isBlankOrSlash ?? false }

    private func starts(with text: String) -> Bool {
        text.utf8.enumerated().allSatisfy { offset, expected in
            guard let byte = byte(position + offset) else { return false }
            return byte == expected || ((0x41...0x5A).contains(byte) && byte | 0x20 == expected)
        }
    }

    private mutating func skip(past text: String) -> Bool {
        while position < bytes.count {
            if starts(with: text) {
                position += text.utf8.count
                return true
            }
            position += 1
        }
        return false
    }
}

extension UInt8 {
    /// Whether it is blank in HTML: space, tab, newline, form feed, carriage return.
    var isBlank: Bool {
        self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D
    }

    fileprivate var isBlankOrSlash: Bool { isBlank || self == UInt8(ascii: "/") }
}
