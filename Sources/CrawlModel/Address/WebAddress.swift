/// An http or https address in one normal form, so that equal addresses are equal strings.
///
/// The normal form follows RFC 3986, section 6.2.2 and 6.2.3: lower-case scheme and host, no default
/// port, no dot segments, at least `/` as path, percent-encodings in upper case, unreserved characters
/// not encoded. What browsers forgive is forgiven (WHATWG URL): blanks around the address, tabs and
/// newlines inside it, backslashes for slashes, raw spaces and UTF-8. A fragment is dropped, since it
/// is never sent (RFC 9110, section 4.2.5).
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// `http` or `https`.
    package let scheme: String
    /// The host in lower case: a name, an IPv4 address, or an IPv6 address in brackets.
    package let host: String
    /// The port where it is not the scheme's own, 1 to 65535.
    package let port: Int?
    /// The path, never empty, starting with `/`, percent-encoded.
    package let path: String
    /// The query without its question mark, percent-encoded; `nil` where there is none.
    package let query: String?

    /// The whole address, as it is stored and asked for.
    package var description: String { origin + target }

    /// Scheme, host and port: `https://example.org:8443`.
    package var origin: String { "\(scheme)://\(authority)" }

    /// Host and port, which is what politeness counts by: `example.org:8443`.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// Path and query, as they stand in the request line.
    package var target: String { query.map { "\(path)?\($0)" } ?? path }

    /// The last part of the path, decoded, without the query; empty for a folder.
    package var lastPathComponent: String {
        PercentEncoding.decode(
            path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        )
    }

    /// Where the stored form is cut in two: after the last slash of the path.
    ///
    /// Galleries keep many pictures below few folders, so the first half is stored once.
    package var split: (base: String, rest: String) {
        let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:))
        let end = cut ?? path.startIndex
        let rest = String(path[end...]) + (query.map { "?\($0)" } ?? "")
        return (origin + path[..<end], rest)
    }

    /// Reads an absolute address as people and pages write it.
    ///
    /// - Parameter text: The address; blanks around it are ignored.
    /// - Throws: `AddressError` that says what is wrong with it.
    package init(_ text: some StringProtocol) throws(AddressError) {
        try self.init(reference: AddressReference(text), base: nil)
    }

    /// Reads an address relative to the page or `<base>` it stands on (RFC 3986, section 5.2).
    ///
    /// - Parameters:
    ///   - text: An absolute, protocol-relative, root-relative or relative reference.
    ///   - base: The address that relative parts are taken from.
    /// - Throws: `AddressError` that says what is wrong with it.
    package init(_ text: some StringProtocol, relativeTo base: WebAddress) throws(AddressError) {
        try self.init(reference: AddressReference(text), base: base)
    }

    private init(reference: AddressReference, base: WebAddress?) throws(AddressError) {
        guard let scheme = reference.scheme ?? base?.scheme else {
            throw .notAbsolute(reference.text)
        }
        guard scheme == "http" || scheme == "https" else { throw .otherScheme(scheme) }
        self.scheme = scheme
        if let authority = reference.authority {
            (host, port) = try Self.read(authority: authority, scheme: scheme)
            path = Self.normal(path: reference.path)
            query = reference.query.map { PercentEncoding.normal($0, keeping: .query) }
            return
        }
        guard let base, reference.scheme == nil || reference.scheme == base.scheme else {
            throw .noHost(reference.text)
        }
        (host, port) = (base.host, base.port)
        if reference.path.isEmpty {
            path = base.path
            query =
                reference.query.map { PercentEncoding.normal($0, keeping: .query) } ?? base.query
        } else if reference.path.hasPrefix("/") {
            path = Self.normal(path: reference.path)
            query = reference.query.map { PercentEncoding.normal($0, keeping: .query) }
        } else {
            path = Self.normal(path: base.folder + reference.path)
            query = reference.query.map { PercentEncoding.normal($0, keeping: .query) }
        }
    }

    /// The path up to and with its last slash.
    private var folder: String {
        String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private static func read(
        authority: String,
        scheme: String
    ) throws(AddressError) -> (host: String, port: Int?) {
        guard !authority.contains("@") else { throw .credentials }
        var host = authority[...]
        var port: Int?
        let closing = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[closing...].lastIndex(of: ":") {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            if !digits.isEmpty {
                guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                    let number = Int(digits), (1...65535).contains(number)
                else { throw .badPort(String(digits)) }
                port = number
            }
        }
        let name = PercentEncoding.decode(host).lowercased()
        guard !name.isEmpty else { throw .noHost(authority) }
        guard name.unicodeScalars.allSatisfy(Self.mayStandInHost), Self.isWhole(name) else {
            throw .badHost(name)
        }
        return (name, port == (scheme == "http" ? 80 : 443) ? nil : port)
    }

    /// Refuses what could end a host early or smuggle a line into a request header.
    private static func mayStandInHost(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-", ".", "_", "[", "]", ":", "~": true
        // What was no UTF-8 before it was decoded is no name.
        case "\u{FFFD}": false
        default: scalar.value >= 0xA1 && !scalar.properties.isWhitespace
        }
    }

    /// Whether brackets and colons stand only where an IPv6 address has them (RFC 3986, section 3.2.2).
    private static func isWhole(_ host: String) -> Bool {
        guard host.contains(where: { "[]:".contains($0) }) else { return true }
        guard host.first == "[", host.last == "]" else { return false }
        let inner = host.dropFirst().dropLast()
        return inner.contains(":")
            && inner.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
    }

    /// Removes dot segments (RFC 3986, section 5.2.4) and normalises the encoding.
    private static func normal(path: String) -> String {
        let encoded = PercentEncoding.normal(path, keeping: .path)
        guard encoded.contains("/.") else {
            return encoded.hasPrefix("/") ? encoded : "/" + encoded
        }
        var parts: [Substring] = []
        let segments = encoded.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (offset, segment) in segments.enumerated() {
            let isLast = offset == segments.count - 1
            switch segment {
            case ".": if isLast { parts.append("") }
            case "..":
                if !parts.isEmpty { parts.removeLast() }
                if isLast { parts.append("") }
            default: parts.append(segment)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
