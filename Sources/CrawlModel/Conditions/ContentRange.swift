/// Which bytes of a whole body an answer has: the value of `Content-Range` (RFC 9110, section 14.4).
package struct ContentRange: Equatable, Sendable {
    /// The first byte's place, from 0.
    package let first: Int
    /// The last byte's place, never before the first.
    package let last: Int
    /// The length of the whole body, beyond the last byte's place; `nil` if the server does not know it.
    package let length: Int?

    /// Reads a value such as `bytes 500-999/1000` or `bytes 500-999/*`.
    ///
    /// - Returns: `nil` for another unit, for a range that can't be, for numbers that are too large to be
    ///   counted with, and for `bytes */1000`, which comes with no bytes.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
            first <= last
        else { return nil }
        if halves[1] == "*" {
            length = nil
        } else {
            guard let length = Self.number(halves[1]), length > last else { return nil }
            self.length = length
        }
        self.first = first
        self.last = last
    }

    /// How many bytes it has.
    package var bytes: Int { last - first + 1 }

    /// A number that leaves room to count on: the largest is never reached.
    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(digits), number < .max
        else { return nil }
        return number
    }
}
