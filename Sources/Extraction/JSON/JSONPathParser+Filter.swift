import CrawlModel

// Filters (RFC 9535, section 2.3.5) and the functions in them (section 2.4).
extension JSONPathParser {
    /// Something a filter holds, before it is known what it is used as.
    private enum Term {
        case operand(JSONPath.Operand)
        /// A query that may give several values.
        case query(JSONPath)
        case condition(JSONPath.Condition)
    }

    private static let functions = ["length", "count", "match", "search", "value"]

    /// Conditions with `||` between them.
    mutating func condition() throws(ExpressionProblem) -> JSONPath.Condition {
        var conditions = [try conjunction()]
        while takeAfterBlanks("||") {
            skipBlanks()
            conditions.append(try conjunction())
        }
        return conditions.count == 1 ? conditions[0] : .any(conditions)
    }

    private mutating func conjunction() throws(ExpressionProblem) -> JSONPath.Condition {
        var conditions = [try basic()]
        while takeAfterBlanks("&&") {
            skipBlanks()
            conditions.append(try basic())
        }
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }

    private mutating func takeAfterBlanks(_ text: String) -> Bool {
        let start = position
        skipBlanks()
        if take(text) { return true }
        position = start
        return false
    }

    private mutating func basic() throws(ExpressionProblem) -> JSONPath.Condition {
        let start = position
        if peek() == "!", peek(1) != "=" {
            position += 1
            skipBlanks()
            if peek() == "(" { return .not(try parenthesis()) }
            let term = try term()
            if case .operand(.literal) = term {
                throw problem("'!' can't stand before a value", cure: "compare it", at: start)
            }
            if let comparison = comparisonAhead() {
                throw problem(
                    "'!' can't stand before a comparison",
                    cure: "put it in parentheses: !(@.a \(comparison.rawValue) 1)",
                    at: start
                )
            }
            return .not(try test(term, at: start))
        }
        if peek() == "(" { return try parenthesis() }
        let left = try term()
        guard let comparison = comparisonAhead() else { return try test(left, at: start) }
        skipBlanks()
        position += comparison.rawValue.count
        skipBlanks()
        let rightStart = position
        let right = try term()
        return .compare(
            try side(left, at: start),
            comparison,
            try side(right, at: rightStart)
        )
    }

    private mutating func parenthesis() throws(ExpressionProblem) -> JSONPath.Condition {
        position += 1
        return try nested { parser throws(ExpressionProblem) in
            parser.skipBlanks()
            let condition = try parser.condition()
            parser.skipBlanks()
            guard parser.take(")") else {
                throw parser.problem("the parenthesis is not closed here", cure: "add ')'")
            }
            return condition
        }
    }

    /// The comparison that follows, if one does; it is not taken.
    private func comparisonAhead() -> JSONPath.Comparison? {
        var ahead = self
        ahead.skipBlanks()
        return JSONPath.Comparison.allCases.first { comparison in
            var ahead = ahead
            return ahead.take(comparison.rawValue)
        }
    }

    /// What stands alone in a filter: a query, which asks whether it finds anything, or a test.
    private func test(_ term: Term, at start: Int) throws(ExpressionProblem) -> JSONPath.Condition {
        switch term {
        case .condition(let condition): return condition
        case .query(let path), .operand(.query(let path)): return .exists(path)
        case .operand:
            throw problem("this is a value, and no test", cure: "compare it: == 1", at: start)
        }
    }

    /// A side of a comparison.
    private func side(_ term: Term, at start: Int) throws(ExpressionProblem) -> JSONPath.Operand {
        switch term {
        case .operand(let operand): return operand
        case .query:
            throw problem(
                "a query that may find several values can't be compared",
                cure: "use .name and [0] only, or value(…) or count(…)",
                at: start
            )
        case .condition:
            throw problem("a test can't be compared", cure: "let it stand alone", at: start)
        }
    }

    // MARK: Terms

    private mutating func term() throws(ExpressionProblem) -> Term {
        let start = position
        switch peek() {
        case "$", "@":
            let path = try nested { parser throws(ExpressionProblem) in try parser.query() }
            return path.isSingular ? .operand(.query(path)) : .query(path)
        case "'", "\"": return .operand(.literal(.string(try string())))
        case "-", .some("0"..."9"): return .operand(.literal(.number(try number())))
        default: break
        }
        while let scalar = peek(), isWordPart(scalar) { position += 1 }
        let word = String(String.UnicodeScalarView(scalars[start..<position]))
        if take("(") {
            return try nested { parser throws(ExpressionProblem) in
                try parser.function(word, at: start)
            }
        }
        switch word {
        case "true": return .operand(.literal(.flag(true)))
        case "false": return .operand(.literal(.flag(false)))
        case "null": return .operand(.literal(.null))
        default:
            throw problem(
                "this is no part of a filter",
                cure: "write @.name, a number, a text in quotes, true, false, null or a function",
                at: start
            )
        }
    }

    private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    private mutating func number() throws(ExpressionProblem) -> String {
        let start = position
        _ = take("-")
        let digits = position
        func skipDigits() -> Int {
            var end = position
            while end < scalars.count, ("0"..."9").contains(scalars[end]) { end += 1 }
            return end
        }
        position = skipDigits()
        var isNumber = position == digits + 1 || position > digits && scalars[digits] != "0"
        if take(".") {
            let fraction = position
            position = skipDigits()
            isNumber = isNumber && position > fraction
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            let exponent = position
            position = skipDigits()
            isNumber = isNumber && position > exponent
        }
        guard isNumber else {
            throw problem("this is no number", cure: "write it as in JSON: 1, -0.5, 1e3", at: start)
        }
        return String(String.UnicodeScalarView(scalars[start..<position]))
    }

    // MARK: Functions

    private mutating func function(_ name: String, at start: Int) throws(ExpressionProblem) -> Term
    {
        guard Self.functions.contains(name) else {
            throw problem(
                "there is no function '\(name)'",
                cure: "use \(Self.functions.joined(separator: ", "))",
                at: start
            )
        }
        let wanted = name == "match" || name == "search" ? 2 : 1
        var arguments: [(term: Term, start: Int)] = []
        skipBlanks()
        while peek() != ")" {
            let argumentStart = position
            arguments.append((try term(), argumentStart))
            skipBlanks()
            guard take(",") else { break }
            skipBlanks()
        }
        guard arguments.count == wanted else {
            throw problem(
                "\(name)() takes \(wanted == 1 ? "one argument" : "two arguments")",
                cure: wanted == 1 ? "write \(name)(@.items)" : "write \(name)(@.name, 'a.*')",
                at: start
            )
        }
        guard take(")") else {
            throw problem("the parenthesis is not closed here", cure: "add ')'")
        }
        let first = arguments[0]
        switch name {
        case "length": return .operand(.length(try side(first.term, at: first.start)))
        case "count": return .operand(.count(try nodes(first.term, at: first.start)))
        case "value": return .operand(.value(try nodes(first.term, at: first.start)))
        default:
            let text = try side(first.term, at: first.start)
            let isWhole = name == "match"
            let pattern = try pattern(arguments[1], isWhole: isWhole)
            return .condition(.fits(text, pattern, isWhole: isWhole))
        }
    }

    private func nodes(_ term: Term, at start: Int) throws(ExpressionProblem) -> JSONPath {
        switch term {
        case .query(let path), .operand(.query(let path)): return path
        case .operand, .condition:
            throw problem("a query must stand here", cure: "start with '@' or '$'", at: start)
        }
    }

    private func pattern(
        _ argument: (term: Term, start: Int),
        isWhole: Bool
    ) throws(ExpressionProblem) -> JSONTextPattern {
        let operand = try side(argument.term, at: argument.start)
        guard case .literal(.string(let text)) = operand else { return .found(operand) }
        do throws(ExpressionProblem) {
            return .written(try JSONTextPattern.pattern(text, isWhole: isWhole))
        } catch {
            throw ExpressionProblem(argument.start, error.problem.what, cure: error.problem.cure)
        }
    }
}
