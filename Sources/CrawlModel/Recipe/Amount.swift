/// Times and sizes as people write them, in recipes and on the command line.
package enum Amount {
    /// A time above zero: `500ms`, `1.5s`, `2m`, `1h`, `3d`.
    ///
    /// - Returns: `nil` if it is none.
    package static func duration(_ text: String) -> Duration? {
        let units: [(String, Double)] = [
            ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
        ]
        guard let seconds = number(text, units), seconds > 0, seconds < 1e10 else { return nil }
        return .seconds(seconds)
    }

    /// A size above zero in bytes: `500kB`, `20MB`, `1GB`, the same as `500K`, `20M`, `1G`, or a bare
    /// number; a thousand bytes are a kilobyte.
    ///
    /// - Returns: `nil` if it is none.
    package static func bytes(_ text: String) -> Int? {
        let units: [(String, Double)] = [
            ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("k", 1e3),
            ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("B", 1), ("", 1),
        ]
        guard let bytes = number(text, units), bytes >= 1, bytes <= 1e15 else { return nil }
        return Int(bytes)
    }

    /// A number followed by the first unit that fits.
    private static func number(_ text: String, _ units: [(name: String, factor: Double)])
        -> Double?
    {
        for unit in units where text.hasSuffix(unit.name) {
            let digits = text.dropLast(unit.name.count).filter { $0 != " " }
            let isPlain = digits.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
            if isPlain, let number = Double(digits) { return number * unit.factor }
        }
        return nil
    }
}
