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
    private let address: WebAddress
    private let continuesAt: Int
    private let bodyBytesMax: Int
    private let isConditional: Bool
    private var hasBegun = false

    /// The heads of an answer in bytes, interim answers and trailers included: what curl allows since
    /// 8.3 (CVE-2023-38039).
    private static let headBytesMax = 300 * 1024
    /// How much of a body that nobody wants is read, so that its connection can be used again.
    private static let unwantedBytesMax = 16 * 1024

    init(_ call: FetchCall, at address: WebAddress) {
        sink = call.sink
        self.address = address
        continuesAt = call.request.continuesAt
        bodyBytesMax = call.request.bodyBytesMax
        isConditional = call.request.isConditional
    }

    /// Whether the answer is one whose body is wanted.
    var isWanted: Bool { head.isSuccess || head.status == 206 && continuesAt > 0 }

    /// Whether the answer is that what is known is what there is.
    var isUnchanged: Bool { isConditional && head.isOver && head.status == 304 }

    /// How many bytes of the body were there before this exchange.
    private var bytesBefore: Int { head.status == 206 ? continuesAt : 0 }

    /// Takes a line of the head.
    ///
    /// - Returns: Whether to go on; if not, `refusal` says why.
    mutating func receive(head line: UnsafeRawBufferPointer) -> Bool {
        head.take(line)
        guard head.bytes <= Self.headBytesMax else {
            return refuse(.reset, "the headers are longer than \(Self.headBytesMax) bytes")
        }
        guard head.isOver, isWanted, !hasBegun else { return true }
        hasBegun = true
        if let length = head.contentLength, !mayReceive(wireBytes: length) { return false }
        guard sink.begin(BodyHead(head, from: address)) else {
            return refuse(.truncated, "the answer does not go on where the body was cut off")
        }
        return true
    }

    /// Takes a piece of the body, decompressed.
    ///
    /// - Returns: Whether to go on; if not, `refusal` or the status says why.
    mutating func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        guard isWanted else { return bodyBytes <= Self.unwantedBytesMax }
        guard bodyBytes <= bodyBytesMax - bytesBefore else { return refuseSize() }
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
        guard isWanted else { return wireBytes <= Self.unwantedBytesMax }
        return wireBytes <= bodyBytesMax - bytesBefore || refuseSize()
    }

    /// The failure that the status alone is, however the body ended; `nil` for a good or an interim one.
    var statusFailure: Failure? {
        guard head.isOver, head.status >= 200, !isWanted else { return nil }
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
