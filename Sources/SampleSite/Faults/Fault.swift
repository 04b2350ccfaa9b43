extension SampleSite {
    /// What goes wrong with an answer.
    ///
    /// "The right answer" is that of the route, page or picture at the target, conditions and
    /// ranges of the request included. Unless a case says otherwise the connection stays open
    /// afterwards.
    package indirect enum Fault: Sendable {
        /// Another answer, sent well: any status, `Retry-After`, a redirect, a 304 or 206 that
        /// nobody asked for, a page that claims to be an image, a body in an encoding.
        case answer(Response)
        /// The right answer, but not before this time is over.
        case delay(Duration)
        /// The right head, so many bytes of the body, and the connection is closed.
        case cut(after: Int)
        /// The right head, so many bytes of the body, and then nothing until the client hangs up.
        case stall(after: Int)
        /// The right answer that claims this length: too long, and the connection is closed after
        /// what there is; too short, and the rest comes as well.
        case length(Int)
        /// The right answer without a length: the body ends where the connection is closed.
        case untilClose
        /// The right answer in chunks, well or not.
        case chunks(ChunkDefect)
        /// The right answer with these header fields, which replace those of the same names.
        case headers(Headers)
        /// The right answer with another `ETag` each time, so that no condition on it ever holds.
        case changingTag
        /// The right body as 206 with only these bytes, whatever was asked for.
        case part(Range<Int>)
        /// The right answer, packed with gzip.
        case gzip
        /// A gzip body that unpacks to so many zero bytes, at about 1 to 150, after the right head.
        case gzipBomb(bytes: Int)
        /// The right answer without a length, and after its body zeros until the client hangs up.
        case endless
        /// The right head at once, and the body byte by byte, with this time before each.
        case drip(every: Duration)
        /// The connection is reset (RST instead of FIN).
        case reset(Stage)
        /// Exactly these bytes, and the connection is closed.
        case raw([UInt8])
        /// The fault for the first so many requests, at least 1, and the right answer from then on.
        case first(Int, Fault)
        /// One of these for each request, at least one of them, and the right answer from then on.
        case inTurn([Fault])

        /// What is wrong with the chunks of a body.
        package enum ChunkDefect: Sendable {
            /// Nothing.
            case none
            /// The size of the second chunk is no number.
            case size
            /// The connection is closed in the middle of the second chunk.
            case cut
            /// The connection is closed after the last chunk, without the one that marks the end.
            case unended
        }

        /// When a connection is reset.
        package enum Stage: Sendable {
            /// After the request, before a byte of the answer.
            case beforeAnswer
            /// After half of the head.
            case insideHead
            /// After half of the body.
            case insideBody
        }

        /// A status with a short page, and header fields such as `Retry-After`.
        package static func status(_ status: Int, headers: Headers = [:]) -> Fault {
            var response = Response.html("<!DOCTYPE html><title>\(status)</title>", status: status)
            response.headers.replace(with: headers)
            return .answer(response)
        }

        /// A redirect to whatever stands in the string.
        package static func redirect(to location: String, status: Int = 302) -> Fault {
            .status(status, headers: ["Location": location])
        }
    }
}
