extension CSSParser {
    /// Reads a test of an attribute behind its opening bracket (Selectors 4, section 6).
    mutating func attributeTest() throws(ExpressionProblem) -> CSSAttributeTest {
        skipBlanks()
        var test = CSSAttributeTest(name: try attributeName(), comparison: nil)
        skipBlanks()
        if skip(.mark("]")) { return test }
        let operation = try attributeOperator()
        skipBlanks()
        let text: String
        let value = advance()
        switch value.kind {
        case .name(let name): text = name
        case .string(let string): text = string
        default:
            throw ExpressionProblem(
                value.offset,
                "\(value.description) stands where a value should",
                cure: "write it in quotes: [name='value']"
            )
        }
        skipBlanks()
        let ignoresCase = try caseFlag()
        test.comparison = .init(operation: operation, text: text, ignoresCase: ignoresCase)
        let end = peek
        guard skip(.mark("]")) else {
            throw ExpressionProblem(
                end.offset,
                "\(end.description) stands where ']' should",
                cure: "close the bracket, and write values with blanks or signs in quotes"
            )
        }
        return test
    }

    /// A name, with a namespace in front if need be: `href`, `*|href`, `|href`.
    private mutating func attributeName() throws(ExpressionProblem) -> String {
        let start = peek
        if skip(.mark("|")) || (peek.kind == .mark("*") && skipStarAndBar()) {
            guard case .name(let name) = peek.kind else { throw missingAttributeName() }
            _ = advance()
            return name.asciiLowercased
        }
        guard case .name(let name) = peek.kind else { throw missingAttributeName() }
        _ = advance()
        if peek.kind == .mark("|"), !isBarOperator { throw namespaceProblem(start) }
        return name.asciiLowercased
    }

    private mutating func skipStarAndBar() -> Bool {
        guard peek.kind == .mark("*"), following.kind == .mark("|") else { return false }
        _ = advance()
        _ = advance()
        return true
    }

    private var isBarOperator: Bool { following.kind == .mark("=") }

    private func missingAttributeName() -> ExpressionProblem {
        ExpressionProblem(
            peek.offset,
            "\(peek.description) stands where the name of an attribute should",
            cure: "write [name] or [name='value']"
        )
    }

    private mutating func attributeOperator() throws(ExpressionProblem) -> CSSAttributeTest.Operator
    {
        let start = peek
        var sign = ""
        while sign.count < 2, case .mark(let scalar) = peek.kind {
            sign.unicodeScalars.append(scalar)
            _ = advance()
            if scalar == "=" { break }
        }
        guard let operation = CSSAttributeTest.Operator(rawValue: sign) else {
            let all = CSSAttributeTest.Operator.allCases.map(\.rawValue).joined(separator: " ")
            throw ExpressionProblem(
                start.offset,
                "\(start.description) is no comparison",
                cure: "write one of \(all), or ']'"
            )
        }
        return operation
    }

    private mutating func caseFlag() throws(ExpressionProblem) -> Bool {
        guard case .name(let flag) = peek.kind else { return false }
        guard ["i", "s"].contains(flag.asciiLowercased) else {
            throw ExpressionProblem(
                peek.offset,
                "'\(flag)' is no flag of a comparison",
                cure: "write 'i' to ignore case, and values with blanks in quotes"
            )
        }
        _ = advance()
        return flag.asciiLowercased == "i"
    }
}
