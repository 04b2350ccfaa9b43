extension CSSParser {
    /// Reads `2n+1)` or `2n+1 of .new)` behind the opening parenthesis.
    mutating func position(fromEnd: Bool) throws(ExpressionProblem) -> CSSPosition {
        let (step, first) = try stepAndFirst()
        var siblings = CSSPosition.Siblings.all
        if case .name(let name) = peek.kind, name.asciiLowercased == "of" {
            _ = advance()
            siblings = .matching(try nestedList(allowsRelative: false))
        } else {
            try close()
        }
        return CSSPosition(step: step, first: first, fromEnd: fromEnd, siblings: siblings)
    }

    /// Reads `2n+1)` behind the opening parenthesis.
    mutating func position(ofTypeFromEnd fromEnd: Bool) throws(ExpressionProblem) -> CSSPosition {
        let (step, first) = try stepAndFirst()
        try close()
        return CSSPosition(step: step, first: first, fromEnd: fromEnd, siblings: .sameType)
    }

    /// Reads the An+B notation (CSS Syntax 3, section 6): `odd`, `3`, `2n`, `-n + 3`, `+2n-1`.
    ///
    /// Its parts are cut otherwise by the tokenizer, which takes `n-1` for a name; so the tokens up to
    /// `)` or `of` are put together again.
    private mutating func stepAndFirst() throws(ExpressionProblem) -> (step: Int, first: Int) {
        skipBlanks()
        let start = peek
        var text = ""
        reading: while true {
            switch peek.kind {
            case .name(let name) where name.asciiLowercased == "of": break reading
            case .name(let name): text += name.asciiLowercased
            case .digits(let digits): text += digits
            case .mark("+"): text += "+"
            case .mark("-"): text += "-"
            case .blank: text += " "
            default: break reading
            }
            _ = advance()
        }
        guard let result = Self.stepAndFirst(text) else {
            throw ExpressionProblem(
                start.offset,
                "\(start.description) is no position",
                cure: "write a number, odd, even or a rule such as 2n+1"
            )
        }
        return result
    }

    private static func stepAndFirst(_ text: String) -> (step: Int, first: Int)? {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        if text == "odd" { return (2, 1) }
        if text == "even" { return (2, 0) }
        guard let n = text.firstIndex(of: "n") else {
            return integer(text).map { (0, $0) }
        }
        let factor = text[..<n]
        let step: Int?
        switch factor {
        case "", "+": step = 1
        case "-": step = -1
        default: step = integer(factor)
        }
        // Blanks may stand around the sign only.
        var rest = text[text.index(after: n)...].drop { $0 == " " }
        guard let sign = rest.popFirst() else { return step.map { ($0, 0) } }
        rest = rest.drop { $0 == " " }
        guard let step, sign == "+" || sign == "-", rest.first?.isWholeNumber == true,
            let first = integer(rest)
        else { return nil }
        return (step, sign == "-" ? -first : first)
    }

    /// A whole number of at most nine digits; more children no element has.
    private static func integer(_ text: Substring) -> Int? {
        text.count <= 10 ? Int(text) : nil
    }
}

extension CSSPosition {
    /// The first among its siblings, or the last.
    static func first(fromEnd: Bool, _ siblings: Siblings) -> CSSPosition {
        CSSPosition(step: 0, first: 1, fromEnd: fromEnd, siblings: siblings)
    }
}
