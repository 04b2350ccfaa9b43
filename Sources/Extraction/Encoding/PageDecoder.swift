#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Turns the bytes of pages into UTF-8; used by one thread at a time.
///
/// Afterwards a page is valid UTF-8 without NUL: what can't be decoded has become U+FFFD, and NULs are
/// left out, as browsers do.
final class PageDecoder {
    /// A page as UTF-8.
    struct Page {
        /// The text; the very bytes that came, without a copy, where nothing was wrong with them.
        let bytes: ArraySlice<UInt8>
        let encoding: CharacterEncoding

        /// Lends the text; it must not be kept.
        func withText<Result>(
            _ use: (UnsafeBufferPointer<UInt8>) throws(ExtractionError) -> Result
        ) throws(ExtractionError) -> Result {
            try bytes.withUnsafeBufferPointer(use)
        }
    }

    // Opening a converter is dear, and the pages of a site have one encoding.
    private var converter: (encoding: CharacterEncoding, descriptor: iconv_t)?

    deinit {
        if let converter { iconv_close(converter.descriptor) }
    }

    /// Decodes a page.
    ///
    /// - Parameters:
    ///   - body: The bytes as received.
    ///   - contentType: The `Content-Type` header as sent.
    ///   - isMarkup: Whether the page may say its encoding itself.
    /// - Returns: The page in UTF-8.
    /// - Throws: `ExtractionError.noConverter`.
    func decode(
        _ body: [UInt8],
        contentType: String?,
        isMarkup: Bool = true
    ) throws(ExtractionError) -> Page {
        let (encoding, markBytes) = body.withUnsafeBufferPointer {
            EncodingSniffer.encoding(of: $0, contentType: contentType, isMarkup: isMarkup)
        }
        let content = body[markBytes...]
        guard encoding == .utf8 else {
            let text = try convert(content, from: encoding)
            return Page(bytes: Self.withoutNUL(text)[...], encoding: encoding)
        }
        if content.withUnsafeBufferPointer(UTF8Check.isClean) {
            return Page(bytes: content, encoding: encoding)
        }
        let repaired = Array(String(decoding: content, as: UTF8.self).utf8)
        return Page(bytes: Self.withoutNUL(repaired)[...], encoding: encoding)
    }

    private static func withoutNUL(_ bytes: [UInt8]) -> [UInt8] {
        bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes
    }

    private func convert(
        _ content: ArraySlice<UInt8>,
        from encoding: CharacterEncoding
    ) throws(ExtractionError) -> [UInt8] {
        let descriptor = try descriptor(for: encoding)
        // Back to the first state, for encodings that have several.
        iconv(descriptor, nil, nil, nil, nil)
        var output: [UInt8] = []
        // Three bytes for two is what East Asian text needs; more is got when it is needed.
        output.reserveCapacity(content.count + content.count / 2 + 16)
        var chunk = [CChar](repeating: 0, count: 16 << 10)
        content.withUnsafeBufferPointer { content in
            var input = UnsafeMutablePointer(
                mutating: UnsafeRawPointer(content.baseAddress)?.assumingMemoryBound(to: CChar.self)
            )
            var left = content.count
            while left > 0 {
                let result = chunk.withUnsafeMutableBufferPointer { chunk in
                    var free = chunk.count
                    var end = chunk.baseAddress
                    let result = iconv(descriptor, &input, &left, &end, &free)
                    let reason = result == -1 ? errno : 0
                    output.append(
                        contentsOf: UnsafeRawBufferPointer(
                            rebasing: UnsafeRawBufferPointer(chunk)[
                                ..<(chunk.count - free)
                            ]
                        )
                    )
                    return reason
                }
                switch result {
                case EILSEQ:
                    output.append(contentsOf: Self.replacement)
                    let skipped = min(encoding.unitBytes, left)
                    input = input?.advanced(by: skipped)
                    left -= skipped
                case EINVAL:
                    // The page ends in the middle of a character.
                    output.append(contentsOf: Self.replacement)
                    left = 0
                default: break
                }
            }
        }
        // Some converters hold a letter back, since an accent may follow.
        chunk.withUnsafeMutableBufferPointer { chunk in
            var free = chunk.count
            var end = chunk.baseAddress
            iconv(descriptor, nil, nil, &end, &free)
            output.append(contentsOf: UnsafeRawBufferPointer(chunk)[..<(chunk.count - free)])
        }
        return output
    }

    /// U+FFFD in UTF-8.
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private func descriptor(for encoding: CharacterEncoding) throws(ExtractionError) -> iconv_t {
        if let converter {
            if converter.encoding == encoding { return converter.descriptor }
            iconv_close(converter.descriptor)
            self.converter = nil
        }
        guard let descriptor = iconv_open("UTF-8", encoding.converter),
            descriptor != iconv_t(bitPattern: -1)
        else { throw .noConverter(encoding: encoding.name) }
        converter = (encoding, descriptor)
        return descriptor
    }
}

extension CharacterEncoding {
    /// The bytes that are skipped where none of them can be decoded.
    fileprivate var unitBytes: Int { self == .utf16LE || self == .utf16BE ? 2 : 1 }
}
