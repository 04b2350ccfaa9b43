import CrawlModel

/// Cuts a CSS selector into tokens (CSS Syntax 3, section 4.3, as far as selectors need it).
struct CSSTokenizer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    /// All tokens of a text; the last one is `.end`.
    ///
    /// - Throws: `ExpressionProblem` for a text or comment that is never closed.
    static func tokens(of text: String) throws(ExpressionProblem) -> [CSSToken] {
        var tokenizer = CSSTokenizer(scalars: Array(text.unicodeScalars))
        var tokens: [CSSToken] = []
        while true {
            // A comment separates nothing: `a/**/.new` is `a.new` (CSS Syntax 3, section 4.3.2).
            try tokenizer.skipComments()
            let token = try tokenizer.next()
            let isRepeatedBlank = token.kind == .blank && tokens.last?.kind == .blank
            if !isRepeatedBlank { tokens.append(token) }
            if token.kind == .end { return tokens }
        }
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        let index = position + distance
        return index < scalars.count ? scalars[index] : nil
    }

    private mutating func next() throws(ExpressionProblem) -> CSSToken {
        let start = position
        return CSSToken(kind: try kind(), offset: start)
    }

    private mutating func kind() throws(ExpressionProblem) -> CSSToken.Kind {
        guard let scalar = peek() else { return .end }
        switch scalar {
        case _ where scalar.isCSSBlank:
            while let blank = peek(), blank.isCSSBlank { position += 1 }
            return .blank
        case "\"", "'":
            return .string(try string(quote: scalar))
        case "#" where peek(1)?.isCSSNamePart == true || isEscape(at: 1):
            position += 1
            return .hash(name())
        case "0"..."9":
            let start = position
            while let digit = peek(), ("0"..."9").contains(digit) { position += 1 }
            return .digits(String(String.UnicodeScalarView(scalars[start..<position])))
        case _ where startsName():
            let name = name()
            guard peek() == "(" else { return .name(name) }
            position += 1
            return .function(name)
        default:
            position += 1
            return .mark(scalar)
        }
    }

    private mutating func skipComments() throws(ExpressionProblem) {
        while peek() == "/", peek(1) == "*" { try skipComment() }
    }

    private mutating func skipComment() throws(ExpressionProblem) {
        let start = position
        position += 2
        while peek() != nil {
            if peek() == "*", peek(1) == "/" {
                position += 2
                return
            }
            position += 1
        }
        throw ExpressionProblem(start, "the comment is never closed", cure: "add '*/' at its end")
    }

    private mutating func string(quote: Unicode.Scalar) throws(ExpressionProblem) -> String {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = peek() {
            if scalar == quote {
                position += 1
                return String(text)
            }
            if scalar.isCSSNewline { break }
            if scalar == "\\" {
                if let after = peek(1), after.isCSSNewline {
                    position += after == "\r" && peek(2) == "\n" ? 3 : 2
                } else if peek(1) == nil {
                    position += 1
                } else {
                    text.append(escape())
                }
            } else {
                position += 1
                text.append(scalar)
            }
        }
        throw ExpressionProblem(start, "the quote is never closed", cure: "add \(quote) at its end")
    }

    /// Whether a name starts here (CSS Syntax 3, section 4.3.9).
    private func startsName() -> Bool {
        guard let first = peek() else { return false }
        if first == "-" {
            return peek(1)?.isCSSNameStart == true || peek(1) == "-" || isEscape(at: 1)
        }
        return first.isCSSNameStart || isEscape(at: 0)
    }

    private func isEscape(at distance: Int) -> Bool {
        guard peek(distance) == "\\", let after = peek(distance + 1) else { return false }
        return !after.isCSSNewline
    }

    private mutating func name() -> String {
        var text = String.UnicodeScalarView()
        while let scalar = peek() {
            if scalar.isCSSNamePart {
                position += 1
                text.append(scalar)
            } else if isEscape(at: 0) {
                text.append(escape())
            } else {
                break
            }
        }
        return String(text)
    }

    /// Reads a backslash and what it stands for (CSS Syntax 3, section 4.3.7).
    private mutating func escape() -> Unicode.Scalar {
        position += 1
        var value: UInt32 = 0
        var digits = 0
        while digits < 6, let scalar = peek(), let digit = Character(scalar).hexDigitValue,
            scalar.isASCII
        {
            value = value << 4 | UInt32(digit)
            digits += 1
            position += 1
        }
        if digits == 0 {
            let scalar = peek() ?? "\u{FFFD}"
            position += 1
            return scalar
        }
        if peek() == "\r", peek(1) == "\n" {
            position += 2
        } else if let blank = peek(), blank.isCSSBlank {
            position += 1
        }
        return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}

extension Unicode.Scalar {
    fileprivate var isCSSNewline: Bool { self == "\n" || self == "\r" || self == "\u{C}" }

    fileprivate var isCSSBlank: Bool { self == " " || self == "\t" || isCSSNewline }

    fileprivate var isCSSNameStart: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "_": true
        default: value >= 0x80
        }
    }

    fileprivate var isCSSNamePart: Bool {
        isCSSNameStart || self == "-" || ("0"..."9").contains(self)
    }
}
