import CLibXML2

/// Finds what libxml2 says nothing helpful about, or nothing before a page comes.
enum XPathSyntax {
    /// The functions of XPath 1.0, and what looks like one: node tests, and words before a parenthesis.
    private static let functions: [String: ClosedRange<Int>] = [
        "last": 0...0, "position": 0...0, "count": 1...1, "id": 1...1, "local-name": 0...1,
        "namespace-uri": 0...1, "name": 0...1, "string": 0...1, "concat": 2...Int.max,
        "starts-with": 2...2, "contains": 2...2, "substring-before": 2...2,
        "substring-after": 2...2, "substring": 2...3, "string-length": 0...1,
        "normalize-space": 0...1, "translate": 3...3, "boolean": 1...1, "not": 1...1,
        "true": 0...0, "false": 0...0, "lang": 1...1, "number": 0...1, "sum": 1...1,
        "floor": 1...1, "ceiling": 1...1, "round": 1...1,
    ]
    private static let words: Set<String> = [
        "node", "text", "comment", "processing-instruction", "and", "or", "div", "mod",
    ]

    /// A parenthesis that is open, with the function whose arguments it holds.
    private struct Parenthesis {
        let start: Int
        let function: String?
        var commas = 0
        var isEmpty = true
    }

    /// Refuses functions, variables and namespaces that do not exist, and calls that can't be made.
    static func check(_ text: String) throws(ExpressionProblem) {
        let scalars = Array(text.unicodeScalars)
        var open: [Parenthesis] = []
        var function: String?
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            let start = index
            index += 1
            if scalar.properties.isWhitespace { continue }
            if scalar != ")", !open.isEmpty { open[open.count - 1].isEmpty = false }
            switch scalar {
            case "\"", "'":
                guard let end = scalars[index...].firstIndex(of: scalar) else {
                    throw ExpressionProblem(start, "the quote is never closed", cure: "add it")
                }
                index = end + 1
            case "$":
                throw ExpressionProblem(start, "there are no variables", cure: "write the value")
            case "(":
                open.append(Parenthesis(start: start, function: function))
            case ",":
                if !open.isEmpty { open[open.count - 1].commas += 1 }
            case ")":
                // One too many is found when the expression is compiled.
                if let call = open.popLast() { try check(call) }
            case _ where isNameStart(scalar):
                while index < scalars.count, isNamePart(scalars[index]) { index += 1 }
                let name = String(String.UnicodeScalarView(scalars[start..<index]))
                try check(name, at: start, before: scalars[index...])
                function = name
                continue
            case "\0":
                // It would end the expression for libxml2.
                throw ExpressionProblem(start, "a NUL can't stand here", cure: "leave it out")
            default: break
            }
            function = nil
        }
        guard let unclosed = open.last else { return }
        throw ExpressionProblem(
            unclosed.start,
            "the parenthesis is never closed",
            cure: "add ')'"
        )
    }

    /// Counts the arguments of a call, which libxml2 does not do before it makes it.
    private static func check(_ call: Parenthesis) throws(ExpressionProblem) {
        guard let name = call.function, let allowed = functions[name] else { return }
        let count = call.isEmpty ? 0 : call.commas + 1
        guard !allowed.contains(count) else { return }
        let most = allowed.upperBound == Int.max ? "more" : "\(allowed.upperBound)"
        throw ExpressionProblem(
            call.start,
            "'\(name)' can't have \(count) \(count == 1 ? "argument" : "arguments")",
            cure: allowed.count == 1 ? "write \(most)" : "write \(allowed.lowerBound) or \(most)"
        )
    }

    private static func check(
        _ name: String,
        at start: Int,
        before rest: ArraySlice<Unicode.Scalar>
    ) throws(ExpressionProblem) {
        if rest.first == ":", rest.dropFirst().first != ":" {
            throw ExpressionProblem(
                start,
                "HTML has no namespace '\(name)'",
                cure: "test the whole name: @*[name() = '\(name):…'], or leave the prefix out"
            )
        }
        let next = rest.first { !$0.properties.isWhitespace }
        guard next == "(", functions[name] == nil, !words.contains(name) else { return }
        throw ExpressionProblem(
            start,
            "XPath 1.0 has no function '\(name)'",
            cure: "see section 4 of its specification for those there are"
        )
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        isNameStart(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "."
    }
}

extension XPathContext.Problem {
    /// The problem of an expression that was not compiled.
    func syntax(of text: String) -> ExpressionProblem {
        let place = String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
        guard code != XPATH_INVALID_PREDICATE_ERROR else {
            return ExpressionProblem(place, "a predicate is not well-formed", cure: "check its ']'")
        }
        return ExpressionProblem(
            place,
            "this is no XPath 1.0",
            cure: "correct what stands here or just before"
        )
    }
}
