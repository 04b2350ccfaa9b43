import CrawlModel

/// Reads a JSONPath query (RFC 9535, appendix A has its grammar).
struct JSONPathParser {
    let scalars: [Unicode.Scalar]
    var position = 0
    /// How many parentheses and brackets of filters are open.
    var depth = 0

    /// More nested filters and parentheses than any honest query has.
    private static let depthMax = 50
    /// Whole numbers that are exact everywhere (section 2.1).
    private static let numberMax = 9_007_199_254_740_991

    /// Reads a query; where there is an item, one that starts with `@` is meant in it.
    static func path(_ text: String, isInItem: Bool) throws(ExpressionProblem) -> JSONPath {
        var parser = JSONPathParser(scalars: Array(text.unicodeScalars))
        guard let first = parser.peek(), first == "$" || first == "@" else {
            throw ExpressionProblem(
                0,
                "a JSON path starts with '$'\(isInItem ? ", or '@' for the item" : "")",
                cure: "write \(isInItem ? "@.name" : "$.items[*]")"
            )
        }
        guard isInItem || first == "$" else {
            throw ExpressionProblem(0, "there is no item here for '@'", cure: "start with '$'")
        }
        let path = try parser.query()
        guard parser.position == parser.scalars.count else {
            throw parser.problem(
                "this belongs to no step",
                cure: "write .name, ['name'], [0], [*] or ..name"
            )
        }
        return path
    }

    // MARK: Characters

    func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        let index = position + distance
        return index < scalars.count ? scalars[index] : nil
    }

    func problem(_ what: String, cure: String, at place: Int? = nil) -> ExpressionProblem {
        ExpressionProblem(place ?? position, what, cure: cure)
    }

    /// Takes a text if it stands here.
    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    mutating func skipBlanks() {
        while let scalar = peek(), [" ", "\t", "\n", "\r"].contains(scalar) { position += 1 }
    }

    /// Enters a bracket or parenthesis, and leaves it when `read` is done.
    mutating func nested<Value>(
        _ read: (inout JSONPathParser) throws(ExpressionProblem) -> Value
    ) throws(ExpressionProblem) -> Value {
        depth += 1
        guard depth <= Self.depthMax else {
            throw problem("the filters are nested too deep", cure: "write the path simpler")
        }
        let value = try read(&self)
        depth -= 1
        return value
    }

    // MARK: Segments

    /// A query from its `$` or `@` on.
    mutating func query() throws(ExpressionProblem) -> JSONPath {
        let isRelative = peek() == "@"
        position += 1
        var segments: [JSONPath.Segment] = []
        while true {
            // Blanks belong to a query only if a segment follows them.
            let end = position
            skipBlanks()
            guard let segment = try segment() else {
                position = end
                return JSONPath(isRelative: isRelative, segments: segments)
            }
            segments.append(segment)
        }
    }

    private mutating func segment() throws(ExpressionProblem) -> JSONPath.Segment? {
        if peek() == "[" {
            return JSONPath.Segment(isDescendant: false, choices: try brackets())
        }
        guard take(".") else { return nil }
        let isDescendant = take(".")
        if isDescendant, peek() == "[" {
            return JSONPath.Segment(isDescendant: true, choices: try brackets())
        }
        if take("*") { return JSONPath.Segment(isDescendant: isDescendant, choices: [.wildcard]) }
        let start = position
        while let scalar = peek(), isNamePart(scalar, isFirst: position == start) { position += 1 }
        guard position > start else {
            let isDigit = peek().map { ("0"..."9").contains($0) } ?? false
            throw problem(
                "a name, '*' or '[' must stand here",
                cure: isDigit ? "write a number in brackets: [0]" : "write .name or ['a name']"
            )
        }
        let name = String(String.UnicodeScalarView(scalars[start..<position]))
        return JSONPath.Segment(isDescendant: isDescendant, choices: [.name(Array(name.utf8))])
    }

    private func isNamePart(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "_": true
        case "0"..."9": !isFirst
        default: scalar.value >= 0x80
        }
    }

    private mutating func brackets() throws(ExpressionProblem) -> [JSONPath.Choice] {
        position += 1
        return try nested { parser throws(ExpressionProblem) in
            var choices: [JSONPath.Choice] = []
            repeat {
                parser.skipBlanks()
                choices.append(try parser.choice())
                parser.skipBlanks()
            } while parser.take(",")
            guard parser.take("]") else {
                throw parser.problem("the bracket is not closed here", cure: "add ']'")
            }
            return choices
        }
    }

    private mutating func choice() throws(ExpressionProblem) -> JSONPath.Choice {
        switch peek() {
        case "*":
            position += 1
            return .wildcard
        case "'", "\"": return .name(Array(try string().utf8))
        case "?":
            position += 1
            skipBlanks()
            return .filter(try condition())
        case ":", "-", .some("0"..."9"): return try indexOrSlice()
        default:
            throw problem(
                "this picks nothing",
                cure: "write 'a name' in quotes, a number, 1:3, * or ?@.name == 'value'"
            )
        }
    }

    private mutating func indexOrSlice() throws(ExpressionProblem) -> JSONPath.Choice {
        let start = try integer()
        let end = position
        skipBlanks()
        guard take(":") else {
            position = end
            guard let start else { throw problem("a number must stand here", cure: "write [0]") }
            return .index(start)
        }
        skipBlanks()
        let stop = try integer()
        let afterStop = position
        skipBlanks()
        guard take(":") else {
            position = afterStop
            return .slice(start: start, end: stop, step: 1)
        }
        let afterColon = position
        skipBlanks()
        let step = try integer()
        if step == nil { position = afterColon }
        return .slice(start: start, end: stop, step: step ?? 1)
    }

    /// A whole number; `nil` if there is none.
    private mutating func integer() throws(ExpressionProblem) -> Int? {
        let start = position
        let isNegative = take("-")
        let digits = position
        while let scalar = peek(), ("0"..."9").contains(scalar) { position += 1 }
        if position == start { return nil }
        let text = String(String.UnicodeScalarView(scalars[digits..<position]))
        let isPlain = text == "0" ? !isNegative : !text.hasPrefix("0")
        guard isPlain, let number = Int(text), number <= Self.numberMax else {
            throw problem(
                "this is no whole number that can be used",
                cure: "write 0, 3 or -1, without zeros in front",
                at: start
            )
        }
        return isNegative ? -number : number
    }

    // MARK: Texts

    /// A text in quotes (section 2.3.1.1).
    mutating func string() throws(ExpressionProblem) -> String {
        let start = position
        let quote = scalars[position]
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = peek() {
            if scalar == quote {
                position += 1
                return String(text)
            }
            guard scalar.value >= 0x20 else { break }
            if scalar == "\\" {
                text.append(try escape(in: quote))
            } else {
                text.append(scalar)
                position += 1
            }
        }
        throw problem("the quote is never closed", cure: "add \(quote) at its end", at: start)
    }

    private mutating func escape(in quote: Unicode.Scalar) throws(ExpressionProblem)
        -> Unicode.Scalar
    {
        let start = position
        position += 1
        let letter = peek()
        position += 1
        switch letter {
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "/": return "/"
        case "\\": return "\\"
        case quote: return quote
        case "u":
            if let unit = unit() {
                if let scalar = Unicode.Scalar(unit) { return scalar }
                if unit < 0xDC00, take("\\u"), let low = self.unit(),
                    (0xDC00...0xDFFF).contains(low),
                    let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
                {
                    return scalar
                }
            }
        default: break
        }
        throw problem(
            "this is no escape",
            cure: #"write \\ for a backslash, or \uXXXX for a character"#,
            at: start
        )
    }

    /// Four hexadecimal digits.
    private mutating func unit() -> UInt32? {
        guard position + 4 <= scalars.count else { return nil }
        var value: UInt32 = 0
        for scalar in scalars[position..<position + 4] {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
