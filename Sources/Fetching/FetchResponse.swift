package import CrawlModel

/// How a fetch ended.
package enum FetchOutcome: Sendable {
    /// A 2xx answer came, and the sink has its whole body.
    case response(FetchResponse)
    /// The condition of a conditional request does not hold: what is known is what there is (304). No body
    /// came.
    case unchanged(FetchResponse)
    /// Anything else. Statuses outside 2xx, and a 206 that nobody asked for, have the class that
    /// `ErrorClass(status:)` gives them; a fetch that was cancelled or shut down has `interrupted`.
    case failed(Failure)
}

/// A 2xx answer whose body was delivered, or a 304 that was asked for.
package struct FetchResponse: Sendable {
    /// The HTTP status, 200 to 299, or 304.
    package let status: Int
    /// Where it came from, after all redirects.
    package let address: WebAddress
    /// The `Content-Type` header as sent; `nil` where it is missing or longer than 1 KB, as below.
    package let contentType: String?
    /// The `ETag` header as sent, with its quotes.
    package let etag: String?
    /// The `Last-Modified` header as sent.
    package let lastModified: String?
    /// The `Date` header as sent.
    package let date: String?
    /// The `Content-Length` header: bytes before decompression.
    package let contentLength: Int?
    /// Whether the end of the body was announced: by its length, by a last chunk, or by the end of
    /// an HTTP/2 stream (RFC 9112, section 8).
    ///
    /// Without that, the end of the connection ended the body, and nobody can tell whether it is
    /// whole. Nor can they where it is compressed, since libcurl does not mind where that breaks off.
    package let isFramed: Bool
    /// Bytes that went to the sink, decompressed.
    package let bodyBytes: Int
    /// Bytes of the body as received, before decompression.
    package let wireBytes: Int
    /// How long the server took from the request to the first byte of the answer, redirects left out.
    package let firstByte: Duration
    /// How long it took from the first connection to the last byte, redirects included.
    package let took: Duration

    /// What tells this state of it from others; `nil` if the server does not say.
    package var validator: Validator? {
        Validator(etag: etag, lastModified: lastModified, date: date)
    }
}
