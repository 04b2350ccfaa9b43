/// An http or https address in one normal form, so that equal addresses are equal strings.
///
/// What stands in a page as `data:` has a name of the same kind, made of its bytes; see `isInline`.
///
/// The normal form follows RFC 3986, section 6.2.2 and 6.2.3: lower-case scheme and host, no default
/// port, no dot segments, at least `/` as path, percent-encodings in upper case, unreserved characters
/// not encoded, hosts in ASCII (RFC 3987, section 3.1). What browsers forgive is forgiven (WHATWG URL): blanks around the address, tabs and
/// newlines inside it, backslashes for slashes, raw spaces and UTF-8. A fragment is dropped, since it
/// is never sent (RFC 9110, section 4.2.5).
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The whole address, as it is stored and asked for.
    package let description: String
    private let places: AddressPlaces

    /// `http` or `https`; `data` for what stands in a page.
    package var scheme: String { isInline ? "data" : text(0..<places.host.lowerBound - 3) }
    /// The host in lower case: a name, an IPv4 address, or an IPv6 address in brackets.
    package var host: String { text(places.host) }
    /// The port where it is not the scheme's own, 1 to 65535.
    package var port: Int? {
        places.path.lowerBound > places.host.upperBound
            ? Int(text(places.host.upperBound + 1..<places.path.lowerBound)) : nil
    }
    /// The path, never empty, starting with `/`, percent-encoded.
    package var path: String { text(places.path) }
    /// The query without its question mark, percent-encoded; `nil` where there is none.
    package var query: String? {
        places.path.upperBound < places.end ? text(places.path.upperBound + 1..<places.end) : nil
    }

    /// Scheme, host and port: `https://example.org:8443`.
    package var origin: String { text(0..<places.path.lowerBound) }

    /// Host and port, which is what politeness counts by: `example.org:8443`.
    package var authority: String { text(places.host.lowerBound..<places.path.lowerBound) }

    /// Path and query, as they stand in the request line.
    package var target: String { text(places.path.lowerBound..<places.end) }

    /// Equal addresses are equal texts.
    package static func == (one: WebAddress, other: WebAddress) -> Bool {
        one.description == other.description
    }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    private func text(_ range: Range<Int>) -> String {
        let bytes = description.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        return String(description[start..<bytes.index(start, offsetBy: range.count)])
    }

    /// The last part of the path, decoded, without the query; empty for a folder.
    package var lastPathComponent: String {
        if isInline { return inlineFile }
        let path = path
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:))
        return PercentEncoding.decode(path[(name ?? path.startIndex)...])
    }

    /// A text with its percent-encodings decoded; bytes that are no UTF-8 become replacement characters.
    package static func decoded(_ text: String) -> String { PercentEncoding.decode(text) }

    /// Where the stored form is cut in two: after the last slash of the path.
    ///
    /// Galleries keep many pictures below few folders, so the first half is stored once.
    package var split: (base: String, rest: String) {
        if isInline { return (Self.inlineHost, path) }
        let bytes = description.utf8
        let pathEnd = bytes.index(bytes.startIndex, offsetBy: places.path.upperBound)
        let slash = bytes[..<pathEnd].lastIndex(of: UInt8(ascii: "/")) ?? bytes.startIndex
        let cut = bytes.index(after: slash)
        return (String(description[..<cut]), String(description[cut...]))
    }

    /// Takes an address that is in normal form already, as the database keeps it.
    ///
    /// - Parameter normal: The description of an address.
    /// - Throws: `AddressError` if it can't be one.
    package init(stored normal: String) throws(AddressError) {
        description = normal
        guard let places = AddressPlaces(in: normal) else { throw .notAbsolute(normal) }
        self.places = places
    }

    /// Takes the name of an inline picture.
    init(inline name: String) {
        guard let places = AddressPlaces(in: name) else {
            preconditionFailure("'\(name)' has the shape of no name of an inline picture")
        }
        description = name
        self.places = places
    }

    /// Reads an absolute address as people and pages write it.
    ///
    /// - Parameter text: The address; blanks around it are ignored.
    /// - Throws: `AddressError` that says what is wrong with it.
    package init(_ text: some StringProtocol) throws(AddressError) {
        try self.init(text, base: nil)
    }

    /// Reads an address relative to the page or `<base>` it stands on (RFC 3986, section 5.2).
    ///
    /// - Parameters:
    ///   - text: An absolute, protocol-relative, root-relative or relative reference.
    ///   - base: The address that relative parts are taken from.
    /// - Throws: `AddressError` that says what is wrong with it.
    package init(_ text: some StringProtocol, relativeTo base: WebAddress) throws(AddressError) {
        try self.init(text, base: base)
    }

    private init(_ text: some StringProtocol, base: WebAddress?) throws(AddressError) {
        let text = String(text)
        // Most addresses on pages are in normal form as they stand.
        let isNormal = AddressPlaces(in: text)?.isNormal(text) == true
        let normal = isNormal ? text : try Self.normal(of: AddressReference(text), relativeTo: base)
        try self.init(stored: normal)
    }

    private static func normal(
        of reference: AddressReference,
        relativeTo base: WebAddress?
    ) throws(AddressError) -> String {
        guard let scheme = reference.scheme ?? base?.scheme else {
            throw .notAbsolute(reference.text)
        }
        guard scheme == "http" || scheme == "https" else { throw .otherScheme(scheme) }
        let query = reference.query.map { "?" + PercentEncoding.normal($0, keeping: .query) } ?? ""
        if let authority = reference.authority {
            let (host, port) = try read(authority: authority, scheme: scheme)
            let origin = "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")"
            return origin + normal(path: reference.path) + query
        }
        guard let base, reference.scheme == nil || reference.scheme == base.scheme else {
            throw .noHost(reference.text)
        }
        if reference.path.isEmpty {
            guard reference.query == nil else { return base.origin + base.path + query }
            return base.description
        }
        let path = reference.path.hasPrefix("/") ? reference.path : base.folder + reference.path
        return base.origin + normal(path: path) + query
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
        if !name.utf8.allSatisfy({ $0 < 0x80 }) {
            guard let ascii = InternationalHost.ascii(name), !ascii.isEmpty else {
                throw .badHost(name)
            }
            return (ascii, port == (scheme == "http" ? 80 : 443) ? nil : port)
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
        guard encoded.utf8.contains(UInt8(ascii: ".")) && encoded.contains("/.") else {
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
