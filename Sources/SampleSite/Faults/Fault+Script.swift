private typealias Response = SampleSite.Response
private typealias Script = SampleSite.Script

extension SampleSite.Fault {
    /// What to do for a request that meets this fault.
    ///
    /// - Parameters:
    ///   - resource: What the target has, before conditions and ranges.
    ///   - request: The request.
    ///   - number: A number that no other request of this site has.
    /// - Returns: Steps that need nothing but a connection.
    func script(
        for resource: SampleSite.Response,
        answering request: SampleSite.Request,
        number: Int
    ) -> SampleSite.Script {
        let right = resource.meeting(request)
        switch self {
        case .answer(let other): return Script(other.message)
        case .delay(let duration): return Script([.wait(duration), .send(right.message)])
        case .cut(let count):
            return Script(
                right.head(.length(right.body.count)) + right.body.prefix(count),
                then: .close
            )
        case .stall(let count):
            let begin = right.head(.length(right.body.count)) + right.body.prefix(count)
            return Script([.send(begin), .wait(.seconds(86_400))], then: .close)
        case .length(let length):
            let isTooLong = length > right.body.count
            return Script(
                right.head(.length(length)) + right.body,
                then: isTooLong ? .close : .stayOpen
            )
        case .untilClose: return Script(right.head(.none) + right.body, then: .close)
        case .chunks(let defect): return Self.chunks(of: right, defect)
        case .headers(let headers): return Script(right.with(headers).message)
        case .changingTag:
            return Script(resource.with(["ETag": "\"changed-\(number)\""]).meeting(request).message)
        case .part(let range): return Script(resource.part(range).message)
        case .gzip: return Script(right.packed(Deflate.gzip(stored: right.body)).message)
        case .gzipBomb(let count): return Script(right.packed(Deflate.gzip(zeros: count)).message)
        case .endless:
            return Script([.send(right.head(.none) + right.body), .sendZeros], then: .close)
        case .drip(let interval):
            let drops = right.body.flatMap { [Script.Step.wait(interval), .send([$0])] }
            return Script([.send(right.head(.length(right.body.count)))] + drops)
        case .reset(let stage): return Script(Self.beginning(of: right, until: stage), then: .reset)
        case .raw(let bytes): return Script(bytes, then: .close)
        case .first(_, let fault):
            return fault.script(for: resource, answering: request, number: number)
        case .inTurn(let faults):
            return faults[0].script(for: resource, answering: request, number: number)
        }
    }

    private static func beginning(of right: Response, until stage: Stage) -> [UInt8] {
        let head = right.head(.length(right.body.count))
        return switch stage {
        case .beforeAnswer: []
        case .insideHead: Array(head.prefix(head.count / 2))
        case .insideBody: head + right.body.prefix(right.body.count / 2)
        }
    }

    /// Two chunks of half the body each, and the one that marks the end (RFC 9112 section 7.1).
    private static func chunks(of right: Response, _ defect: ChunkDefect) -> Script {
        let half = right.body.count / 2
        let (first, second) = (right.body.prefix(half), right.body.dropFirst(half))
        func size(_ chunk: ArraySlice<UInt8>) -> [UInt8] {
            Array(String(chunk.count, radix: 16).utf8) + newline
        }
        let begin = right.head(.chunks) + size(first) + first + newline
        return switch defect {
        case .none: Script(begin + size(second) + second + newline + end)
        case .size: Script(begin + Array("zz".utf8) + newline + second + newline + end)
        case .cut: Script(begin + size(second) + second.prefix(second.count / 2), then: .close)
        case .unended: Script(begin + size(second) + second + newline, then: .close)
        }
    }

    private static let newline = Array("\r\n".utf8)
    private static let end = Array("0\r\n\r\n".utf8)
}

extension SampleSite.Response {
    /// Itself with these header fields in place of those of the same names.
    fileprivate func with(_ headers: SampleSite.Headers) -> Self {
        var response = self
        response.headers.replace(with: headers)
        return response
    }

    /// Itself with a body that is packed with gzip.
    fileprivate func packed(_ body: [UInt8]) -> Self {
        var response = with(["Content-Encoding": "gzip"])
        response.body = body
        return response
    }
}
