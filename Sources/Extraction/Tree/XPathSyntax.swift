import CLibXML2

/// Finds what libxml2 says nothing helpful about, or nothing before a page comes.
enum XPathSyntax {
    /// The functions of XPath 1.0, and what looks like one: node tests, and words before a parenthesis.
    private static let functions: Set<String> = [
        "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string",
        "concat",
        "starts-with", "contains", "substring-before", "substring-after", "substring",
        "string-length", "normalize-space", "translate", "boolean", "not", "true", "false", "lang",
        "number", "sum", "floor", "ceiling", "round",
    ]
    private static let words: Set<String> = [
        "node", "text", "comment", "processing-instruction", "and", "or", "div", "mod",
    ]

    /// Refuses functions, variables and namespaces that do not exist.
    static func check(_ text: String) throws(ExpressionProblem) {
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            let start = index
            index += 1
            if scalar == "\"" || scalar == "'" {
                // One that is never closed is found when the expression is compiled.
                while index < scalars.count, scalars[index] != scalar { index += 1 }
                index += 1
            } else if scalar == "$" {
                throw ExpressionProblem(start, "there are no variables", cure: "write the value")
            } else if isNameStart(scalar) {
                while index < scalars.count, isNamePart(scalars[index]) { index += 1 }
                let name = String(String.UnicodeScalarView(scalars[start..<index]))
                try check(name, at: start, before: scalars[index...])
            }
        }
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
                cure: "test the whole name: *[name() = '\(name):…'], or leave the prefix out"
            )
        }
        let next = rest.first { !$0.properties.isWhitespace }
        guard next == "(", !functions.contains(name), !words.contains(name) else { return }
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
        switch code {
        case XPATH_UNFINISHED_LITERAL_ERROR, XPATH_START_LITERAL_ERROR:
            return ExpressionProblem(place, "a quote is never closed", cure: "add it")
        case XPATH_UNCLOSED_ERROR:
            return ExpressionProblem(place, "a parenthesis is never closed", cure: "add ')'")
        case XPATH_INVALID_PREDICATE_ERROR:
            return ExpressionProblem(place, "a predicate is not well-formed", cure: "check its ']'")
        case XPATH_INVALID_ARITY:
            return ExpressionProblem(
                place,
                "a function has too many or too few arguments",
                cure: "count them"
            )
        default:
            return ExpressionProblem(
                place,
                "this is no XPath 1.0",
                cure: "correct what stands here or just before"
            )
        }
    }
}
