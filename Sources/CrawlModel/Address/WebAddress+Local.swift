extension WebAddress {
    /// Whether a host is on this machine or in a private network, judged by how it is written: by its
    /// address (RFC 1122, 1918, 3927, 4193, 4291), or as `localhost` (RFC 6761, section 6.3).
    ///
    /// - Parameter authority: Host and port in normal form.
    /// - Returns: `false` for a name, which may lead anywhere.
    package static func isLocal(authority: String) -> Bool {
        if authority.hasPrefix("[") {
            let address = authority.dropFirst().prefix { $0 != "]" }
            if address == "::1" { return true }
            let groups = address.split(separator: ":", omittingEmptySubsequences: false)
            guard let first = groups.first, first.utf8.count == 4,
                let group = UInt16(first, radix: 16)
            else { return false }
            return group & 0xFE00 == 0xFC00 || group & 0xFFC0 == 0xFE80
        }
        let host = authority.prefix { $0 != ":" }
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt8(part) : nil
        }
        guard parts.count == 4, bytes.count == 4 else { return false }
        switch (bytes[0], bytes[1]) {
        case (127, _), (10, _), (192, 168), (169, 254), (172, 16...31): return true
        default: return false
        }
    }
}
