package import CrawlModel

/// What is to be fetched, with GET, and within which limits.
package struct FetchRequest: Sendable {
    /// Where it is.
    package let address: WebAddress
    /// Request headers in order; one with an empty value takes a default header away.
    ///
    /// A `Host` header is left out: it follows from the address. Secret ones (`HeaderField.isSecret`) go to the address's own scheme, host and port only, whatever
    /// it redirects to.
    package let headers: [HeaderField]
    /// How long to wait for what; `total` spans all redirects.
    package let timeouts: Timeouts
    /// The largest body in bytes, as received and after decompression alike, at least 1.
    package let bodyBytesMax: Int
    /// How many redirects are followed; one more is a failure.
    package let redirectsMax: Int
    /// How many bytes of the body are there already; with any, a 206 is an answer that is wanted.
    ///
    /// The headers that ask for the rest are the caller's, and whether an answer is that rest is for the
    /// sink to say.
    package let continuesAt: Int
    /// Whether its headers set a condition, so that a 304 is an answer that is wanted.
    package let isConditional: Bool
    /// Whether its scheme, host and port may be told by certificate who is asking, if they want to know.
    package let isTrusted: Bool

    /// A request of its parts.
    ///
    /// - Precondition: Header names are tokens (RFC 9110, section 5.6.2), and their values hold no CR,
    ///   LF or NUL, which could smuggle in headers or a second request. Recipes are checked for it.
    package init(
        address: WebAddress,
        headers: [HeaderField] = [],
        timeouts: Timeouts = Timeouts(),
        bodyBytesMax: Int,
        redirectsMax: Int = 10,
        continuesAt: Int = 0,
        isConditional: Bool = false,
        isTrusted: Bool = false
    ) {
        precondition(bodyBytesMax > 0, "a body of no bytes can't be asked for")
        precondition(redirectsMax >= 0, "redirects can't be fewer than none")
        precondition(continuesAt >= 0, "a body can't be continued before its beginning")
        precondition(
            headers.allSatisfy(\.isSendable),
            "a header's name must be a token, and its value without CR, LF and NUL"
        )
        self.address = address
        self.headers = headers
        self.timeouts = timeouts
        self.bodyBytesMax = bodyBytesMax
        self.redirectsMax = redirectsMax
        self.continuesAt = continuesAt
        self.isConditional = isConditional
        self.isTrusted = isTrusted
    }
}

extension HeaderField {
    /// Whether it can stand in a request without changing what follows it.
    fileprivate var isSendable: Bool {
        !name.isEmpty && name.utf8.allSatisfy(Self.isToken)
            && value.utf8.allSatisfy { $0 != 0x0D && $0 != 0x0A && $0 != 0 }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"),
            UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
