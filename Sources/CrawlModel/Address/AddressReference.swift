/// The parts of an address as written, before they are resolved (RFC 3986, appendix B).
struct AddressReference {
    /// The reference without surrounding blanks, inner tabs and newlines, and its fragment.
    let text: String
    /// The scheme in lower case, if one is written.
    let scheme: String?
    /// What stands between `//` and the path, if `//` is written.
    let authority: String?
    let path: String
    let query: String?

    init(_ raw: some StringProtocol) {
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: raw.unicodeScalars.filter { !["\t", "\n", "\r"].contains($0) })
        let blank: (Unicode.Scalar) -> Bool = { $0.value <= 0x20 }
        var rest = kept.drop(while: blank)
        while let last = rest.last, blank(last) { rest.removeLast() }
        text = String(String.UnicodeScalarView(rest))

        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        scheme = Self.scheme(of: rest)
        if let scheme { rest = rest.dropFirst(scheme.unicodeScalars.count + 1) }

        let mark = rest.firstIndex(of: "?")
        query = mark.map { String(rest[rest.index(after: $0)...]) }
        var hierarchy = String(rest[..<(mark ?? rest.endIndex)])
        // Browsers read a backslash as a slash in http addresses; so do the servers' own pages.
        if hierarchy.contains("\\") {
            hierarchy = String(hierarchy.map { $0 == "\\" ? "/" : $0 })
        }
        if hierarchy.hasPrefix("//") {
            let afterSlashes = hierarchy.dropFirst(2)
            let end = afterSlashes.firstIndex(of: "/") ?? afterSlashes.endIndex
            authority = String(afterSlashes[..<end])
            path = end == afterSlashes.endIndex ? "/" : String(afterSlashes[end...])
        } else {
            authority = nil
            path = hierarchy
        }
    }

    /// The letters before the first colon, if they can be a scheme (RFC 3986, section 3.1).
    private static func scheme(of text: Substring.UnicodeScalarView) -> String? {
        guard let colon = text.firstIndex(of: ":"), let first = text.first,
            first.isASCII, first.properties.isAlphabetic
        else { return nil }
        let name = text[..<colon]
        let allowed = name.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "+", "-", ".": true
            default: false
            }
        }
        return allowed ? String(name).lowercased() : nil
    }
}
