package import CrawlModel

/// What an answer says of its body before the first byte of it.
package struct BodyHead: Sendable {
    /// The HTTP status, 200 to 299; 206 only where the request continues a body.
    package let status: Int
    /// Where it comes from, after all redirects.
    package let address: WebAddress
    /// The `Content-Length` header: bytes that are to come, before decompression.
    package let contentLength: Int?
    /// The `Content-Range` header as sent.
    package let contentRange: String?
    /// Whether the bytes are encoded, so that their places are not those of the decoded ones.
    package let isEncoded: Bool
    /// The `ETag` header as sent, with its quotes.
    package let etag: String?
    /// The `Last-Modified` header as sent.
    package let lastModified: String?
    private let date: String?

    init(_ head: ResponseHead, from address: WebAddress) {
        status = head.status
        self.address = address
        contentLength = head.contentLength
        contentRange = head.contentRange
        isEncoded = head.isEncoded
        etag = head.etag
        lastModified = head.lastModified
        date = head.date
    }

    /// What tells this state of the body from others; `nil` if the server does not say.
    package var validator: Validator? {
        Validator(etag: etag, lastModified: lastModified, date: date)
    }
}
