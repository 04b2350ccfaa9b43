import CrawlModel

/// One request's answer as it comes in, and what is let through of it.
struct Exchange {
    /// What the server said so far.
    private(set) var head = ResponseHead()
    /// Bytes of the body that were handed to the sink or, where nobody wants it, dropped.
    private(set) var bodyBytes = 0
    /// Why the exchange was ended from our side, if it was.
    private(set) var refusal: Failure?
    private let sink: any BodySink
    private let bodyBytesMax: Int

    /// The heads of an answer in bytes, interim answers and trailers included: what curl allows since
    /// 8.3 (CVE-2023-38039).
    private static let headBytesMax = 300 * 1024
    /// How much of a body that nobody wants is read, so that its connection can be used again.
    private static let unwantedBytesMax = 16 * 1024

    init(_ call: FetchCall) {
        sink = call.sink
        bodyBytesMax = call.request.bodyBytesMax
    }

    /// Takes a line of the head.
    ///
    /// - Returns: Whether to go on; if not, `refusal` says why.
    mutating func receive(head line: UnsafeRawBufferPointer) -> Bool {
        head.take(line)
        guard head.bytes <= Self.headBytesMax else {
            return refuse(.reset, "the headers are longer than \(Self.headBytesMax) bytes")
        }
        guard head.isOver, head.isSuccess, let length = head.contentLength else { return true }
        return mayReceive(wireBytes: length)
    }

    /// Takes a piece of the body, decompressed.
    ///
    /// - Returns: Whether to go on; if not, `refusal` or the status says why.
    mutating func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        guard head.isSuccess else { return bodyBytes <= Self.unwantedBytesMax }
        guard bodyBytes <= bodyBytesMax else { return refuseSize() }
        do {
            try sink.receive(bytes)
            return true
        } catch {
            return refuse(.disk, "\(error)")
        }
    }

    /// Whether so many bytes are not too many, as received, before decompression.
    ///
    /// A compressed body may come without end and decompress to nothing.
    ///
    /// - Returns: Whether to go on; if not, `refusal` or the status says why.
    mutating func mayReceive(wireBytes: Int) -> Bool {
        guard head.isSuccess else { return wireBytes <= Self.unwantedBytesMax }
        return wireBytes <= bodyBytesMax || refuseSize()
    }

    /// The failure that the status alone is, however the body ended; `nil` for a good or an interim one.
    var statusFailure: Failure? {
        guard head.isOver, head.status >= 200, !head.isSuccess else { return nil }
        return Failure(
            ErrorClass(status: head.status),
            "the server answered with status \(head.status)",
            status: head.status,
            bytes: bodyBytes,
            retryAfter: head.retryAfter
        )
    }

    private mutating func refuseSize() -> Bool {
        refuse(.tooLarge, "the body is longer than \(bodyBytesMax) bytes")
    }

    private mutating func refuse(_ errorClass: ErrorClass, _ message: String) -> Bool {
        refusal = Failure(errorClass, message, status: head.status, bytes: bodyBytes)
        return false
    }
}
