extension SampleSite {
    /// A request as it came.
    package struct Request: Sendable, Hashable {
        /// The method, such as `GET`.
        package let method: String
        /// The path with its query as sent, nothing decoded, such as `/photo/list/?page=1`.
        package let target: String
        /// The header fields.
        package let headers: Headers
        /// The host the client wanted, without the port; empty if it did not say.
        package let host: String

        /// Whether the client wants to go on with this connection (RFC 9112 section 9.3).
        let keepsAlive: Bool

        /// Reads a request's head, without the empty line at its end.
        ///
        /// - Returns: `nil` if it is no HTTP/1 request.
        init?(head: some Collection<UInt8>) {
            let lines = String(decoding: head, as: UTF8.self)
                .split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
            let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
            var headers: Headers = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                    return nil
                }
                let value = line[line.index(after: colon)...]
                headers.add(String(line[..<colon]), value.trimmingBlanks())
            }
            method = String(words[0])
            target = String(words[1])
            host = Self.name(ofHost: headers["Host"] ?? "")
            keepsAlive = words[2] == "HTTP/1.1" && headers["Connection"]?.lowercased() != "close"
            self.headers = headers
        }

        private static func name(ofHost host: String) -> String {
            host.lastIndex(of: ":").map { String(host[..<$0]) } ?? host
        }
    }
}

extension StringProtocol {
    /// Itself without blanks and tabs at both ends.
    func trimmingBlanks() -> String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let begin = drop(while: isBlank)
        guard let last = begin.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(begin[...last])
    }
}
