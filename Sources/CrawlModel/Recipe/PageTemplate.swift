/// One entry of a recipe's `pages`: an address in which ranges such as `{1..1655}` stand for many.
///
/// Ranges: `{1..20}`, `{20..1}`, `{001..120}` (filled with zeros to equal width), `{1..99..2}` (each
/// second), `{a..f}`. With several ranges the last one turns fastest. Nothing is expanded in advance:
/// ten million pages cost no more memory than one.
package struct PageTemplate: Equatable, Sendable {
    private enum Part: Equatable, Sendable {
        case text(String)
        case range(PageRange)
    }

    /// The template as written.
    package let text: String
    private let parts: [Part]

    /// Reads a template and checks that its first address is one that can be asked for.
    ///
    /// - Throws: `RecipeProblem` that names the part that is wrong.
    package init(_ text: String) throws(RecipeProblem) {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw RecipeProblem(
                    "'{' is never closed in '\(text)'",
                    cure: "write a range as {1..20}"
                )
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.range(try PageRange(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
        var pages = 1
        for case .range(let range) in parts {
            let (product, overflow) = pages.multipliedReportingOverflow(by: range.count)
            guard !overflow, product <= Self.pagesMax else {
                throw RecipeProblem(
                    "'\(text)' stands for more than \(Self.pagesMax) pages",
                    cure: "narrow its ranges"
                )
            }
            pages = product
        }
        count = pages
        do {
            first = try WebAddress(Self.text(of: parts, at: 0))
            // What a range can spoil is a port, and that at its ends.
            _ = try WebAddress(Self.text(of: parts, at: pages - 1))
        } catch {
            throw RecipeProblem("\(error)", cure: "write the whole address, as a browser shows it")
        }
    }

    /// More pages than any gallery has; beyond it a range is a slip of the pen.
    private static let pagesMax = 100_000_000

    /// How many addresses the template stands for, at least 1.
    package let count: Int

    /// The first of the addresses.
    package let first: WebAddress

    private static func text(of parts: [Part], at index: Int) -> String {
        var index = index
        var out: [String] = []
        for part in parts.reversed() {
            switch part {
            case .text(let text): out.append(text)
            case .range(let range):
                out.append(range[index % range.count])
                index /= range.count
            }
        }
        return out.reversed().joined()
    }
}

/// The addresses in order, made one at a time.
extension PageTemplate: Sequence {
    /// Goes through the addresses of a template.
    package struct Iterator: IteratorProtocol {
        private let parts: [Part]
        private var rest: Range<Int>

        fileprivate init(_ template: PageTemplate) {
            parts = template.parts
            rest = 0..<template.count
        }

        /// The next address; `nil` after the last.
        package mutating func next() -> WebAddress? {
            rest.popFirst().flatMap { try? WebAddress(PageTemplate.text(of: parts, at: $0)) }
        }
    }

    /// An iterator that starts with `first`.
    package func makeIterator() -> Iterator { Iterator(self) }

    /// How many there are, at least 1.
    package var underestimatedCount: Int { count }
}

/// The inside of one pair of braces: `1..20`, `001..120`, `1..99..2` or `a..f`.
struct PageRange: Equatable, Sendable {
    let count: Int
    private let first: Int
    private let step: Int
    /// The width that numbers are filled to with zeros; `nil` for letters.
    private let width: Int?

    init(_ text: some StringProtocol) throws(RecipeProblem) {
        let bounds = text.split(separator: "..", omittingEmptySubsequences: false)
        let problem = RecipeProblem(
            "'{\(text)}' is no range",
            cure: "write {1..20}, {001..120}, {1..99..2} or {a..f}"
        )
        guard bounds.count == 2 || bounds.count == 3 else { throw problem }
        let stride = bounds.count == 3 ? Int(bounds[2]) : 1
        guard let stride, stride > 0 else { throw problem }
        let last: Int
        if let from = Self.number(bounds[0]), let to = Self.number(bounds[1]) {
            (first, last) = (from, to)
            // A zero alone is a number, as in {0..20}.
            let isFilled = bounds.prefix(2).contains { $0.count > 1 && $0.hasPrefix("0") }
            width = isFilled ? max(bounds[0].count, bounds[1].count) : 0
        } else if let from = Self.letter(bounds[0]), let to = Self.letter(bounds[1]) {
            (first, last) = (from, to)
            width = nil
        } else {
            throw problem
        }
        step = last >= first ? stride : -stride
        count = abs(last - first) / stride + 1
    }

    subscript(index: Int) -> String {
        let value = first + index * step
        guard let width else {
            return UnicodeScalar(UInt32(value)).map { String(Character($0)) } ?? ""
        }
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.count <= 12, text.allSatisfy({ ("0"..."9").contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private static func letter(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count == 1, let byte = text.utf8.first,
            (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        else { return nil }
        return Int(byte)
    }
}
