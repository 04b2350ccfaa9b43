extension SampleSite {
    /// An answer: a status, header fields and a body.
    ///
    /// What it does not say itself is added when it is sent: `Content-Length`, unless a header of
    /// that name is there or the status has no body.
    package struct Response: Sendable, Hashable {
        /// The status code.
        package var status: Int
        /// The header fields.
        package var headers: Headers
        /// The body as it is sent, encoded or not.
        package var body: [UInt8]

        /// Makes an answer.
        package init(status: Int = 200, headers: Headers = [:], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        /// A page in UTF-8 that says so in its header.
        package static func html(_ text: String, status: Int = 200) -> Response {
            Response(
                status: status,
                headers: ["Content-Type": "text/html; charset=utf-8"],
                body: Array(text.utf8)
            )
        }

        /// A picture with its validators, so that it can be asked for in parts and again.
        package static func picture(_ picture: Picture) -> Response {
            Response(
                headers: [
                    "Content-Type": picture.format.mediaType,
                    "ETag": picture.tag,
                    "Last-Modified": "Sun, 01 Jul 2018 08:00:00 GMT",
                    "Accept-Ranges": "bytes",
                ],
                body: picture.bytes
            )
        }

        /// How the receiver learns where the body ends (RFC 9112 section 6.3).
        enum Framing {
            /// By this `Content-Length`.
            case length(Int)
            /// By chunks.
            case chunks
            /// By the end of the connection, or there is no body.
            case none
        }

        /// The status line and the header fields with the empty line after them.
        func head(_ framing: Framing) -> [UInt8] {
            var headers = headers
            switch framing {
            case .length(let length) where headers["Content-Length"] == nil && hasBody:
                headers.add("Content-Length", "\(length)")
            case .chunks: headers.add("Transfer-Encoding", "chunked")
            case .length, .none: break
            }
            var text = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Sample")\r\n"
            for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
            return Array("\(text)\r\n".utf8)
        }

        /// The whole message with a `Content-Length`.
        var message: [UInt8] { head(.length(body.count)) + (hasBody ? body : []) }

        /// Whether a status may come with a body (RFC 9110 section 6.4.1).
        private var hasBody: Bool { status >= 200 && status != 204 && status != 304 }

        private static let reasons = [
            200: "OK", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
            302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
            308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
            404: "Not Found", 405: "Method Not Allowed", 410: "Gone", 416: "Range Not Satisfiable",
            429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
            503: "Service Unavailable", 504: "Gateway Timeout",
        ]
    }
}
