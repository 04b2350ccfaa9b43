/// What tells one state of a resource from another: an entity tag or a date (RFC 9110, section 8.8).
package struct Validator: Equatable, Sendable {
    /// As the server sent it: `"abc"`, `W/"abc"`, or a date.
    package let text: String
    /// Whether the same validator means the same bytes, so that parts may be put together.
    package let isStrong: Bool

    /// How much older than the answer a date must be: then a change within the same second, or clocks that
    /// differ a little, can't make it stand for two states (RFC 9110, section 8.8.2.2).
    private static let certainty = Duration.seconds(60)

    /// The validator of an answer; `nil` if it has none.
    ///
    /// - Parameters:
    ///   - etag: Its `ETag`. Where there is one, the date is not strong: it must not be used beside it
    ///     (RFC 9110, section 13.1.5).
    ///   - lastModified: Its `Last-Modified`.
    ///   - date: Its `Date`.
    package init?(etag: String?, lastModified: String?, date: String?) {
        if let etag, Self.isTag(etag) {
            text = etag
            isStrong = !etag.hasPrefix("W/")
            return
        }
        guard let lastModified, let changed = HTTPDate.read(lastModified, now: .atOnce) else {
            return nil
        }
        text = lastModified
        let sent = date.flatMap { HTTPDate.read($0, now: .atOnce) }
        isStrong = etag == nil && sent.map { $0 - changed >= Self.certainty } == true
    }

    /// The header that asks for what is not in this state any more (RFC 9110, sections 13.1.2 and 13.1.3).
    ///
    /// - Parameter text: A validator as the server sent it.
    /// - Returns: `If-None-Match` or `If-Modified-Since`.
    package static func condition(_ text: String) -> HeaderField {
        HeaderField(isTag(text) ? "If-None-Match" : "If-Modified-Since", text)
    }

    /// Whether it is an entity tag and no date.
    package static func isTag(_ text: String) -> Bool {
        let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        return opaque.utf8.count >= 2 && opaque.first == "\"" && opaque.last == "\""
            && opaque.dropFirst().dropLast().utf8.allSatisfy {
                $0 == 0x21 || (0x23...0x7E).contains($0)
            }
    }
}
