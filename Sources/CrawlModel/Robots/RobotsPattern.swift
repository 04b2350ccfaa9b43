/// The path of a rule in a robots.txt (RFC 9309, section 2.2.3): `*` stands for any characters, `$` at its end
/// for the end.
struct RobotsPattern: Equatable, Sendable {
    /// The pattern's length, which says how specific it is (section 2.2.2).
    let octets: Int
    /// What has to follow each other with anything in between; the first stands at the beginning.
    private let pieces: [[UInt8]]
    private let isAnchored: Bool

    /// - Returns: `nil` for a text that is no path, and for one that is longer than any address.
    init?(_ text: Substring) {
        guard let first = text.first, first == "/" || first == "*", text.utf8.count <= 8192 else {
            return nil
        }
        isAnchored = text.hasSuffix("$")
        let path = isAnchored ? text.dropLast() : text
        pieces = path.split(separator: "*", omittingEmptySubsequences: false)
            .map { Self.canonical(String($0)) }
        octets =
            pieces.reduce(0) { $0 + $1.count } + pieces.count - 1 + (isAnchored ? 1 : 0)
    }

    /// A path as it is compared: unreserved characters as themselves, all others that are not delimiters
    /// encoded, and so are `*` and `$` where they stand for themselves.
    static func canonical(_ target: String) -> [UInt8] {
        let normal = PercentEncoding.normal(target, keeping: .query)
        var bytes: [UInt8] = []
        for byte in normal.utf8 {
            switch byte {
            case UInt8(ascii: "*"): bytes.append(contentsOf: "%2A".utf8)
            case UInt8(ascii: "$"): bytes.append(contentsOf: "%24".utf8)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    /// Whether the pattern matches from the beginning of a canonical path.
    ///
    /// Each piece is looked for as early as it can be; an anchored last one at the end. Nothing is tried twice,
    /// so that no pattern takes long.
    func matches(_ path: [UInt8]) -> Bool {
        guard path.starts(with: pieces[0]) else { return false }
        var position = pieces[0].count
        guard pieces.count > 1 else { return !isAnchored || position == path.count }
        let middle = isAnchored ? pieces.dropFirst().dropLast() : pieces.dropFirst()
        for piece in middle {
            guard let end = Self.end(of: piece, in: path, from: position) else { return false }
            position = end
        }
        guard isAnchored, let last = pieces.last else { return true }
        return path.count - last.count >= position && path.suffix(last.count).elementsEqual(last)
    }

    private static func end(of piece: [UInt8], in path: [UInt8], from start: Int) -> Int? {
        guard let first = piece.first else { return start }
        var index = start
        while index + piece.count <= path.count {
            if path[index] == first,
                path[index..<(index + piece.count)].elementsEqual(piece)
            {
                return index + piece.count
            }
            index += 1
        }
        return nil
    }
}
