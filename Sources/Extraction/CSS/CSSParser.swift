/// Reads CSS selectors: Selectors 3, and of Selectors 4 what Python's cssselect knows.
///
/// HTML's rules for case hold: names of elements and attributes are compared in lower case.
struct CSSParser {
    /// Selectors nested deeper than people write them are refused, which bounds the recursion.
    private static let nestingMax = 8
    /// The longest selector, in Unicode scalars; longer ones are mistakes, and dear to translate.
    private static let lengthMax = 10_000

    private let tokens: [CSSToken]
    private var index = 0
    private var nesting = 0

    /// Reads a list of selectors separated by commas.
    ///
    /// - Returns: At least one selector.
    /// - Throws: `ExpressionProblem` with the place of the first character that can't stand there.
    static func selectors(in text: String) throws(ExpressionProblem) -> [CSSSelector] {
        guard text.unicodeScalars.count <= lengthMax else {
            throw ExpressionProblem(
                lengthMax,
                "the selector is longer than \(lengthMax) characters",
                cure: "write it shorter"
            )
        }
        var parser = CSSParser(tokens: try CSSTokenizer.tokens(of: text))
        let selectors = try parser.list(allowsPseudoElement: true, allowsRelative: true)
        let rest = parser.peek
        guard rest.kind == .end else {
            throw ExpressionProblem(
                rest.offset,
                "\(rest.description) can't stand here",
                cure: "a selector goes on with ' ', '>', '+', '~' or ','"
            )
        }
        return selectors
    }

    private init(tokens: [CSSToken]) {
        self.tokens = tokens
    }

    /// The next token; the last one is `.end`, and nothing steps beyond it.
    var peek: CSSToken { tokens[index] }

    /// The token behind the next one.
    var following: CSSToken { tokens[min(index + 1, tokens.count - 1)] }

    mutating func advance() -> CSSToken {
        let token = tokens[index]
        if token.kind != .end { index += 1 }
        return token
    }

    mutating func skip(_ kind: CSSToken.Kind) -> Bool {
        guard peek.kind == kind else { return false }
        index += 1
        return true
    }

    mutating func skipBlanks() {
        while skip(.blank) {}
    }

    mutating func list(
        allowsPseudoElement: Bool,
        allowsRelative: Bool
    ) throws(ExpressionProblem) -> [CSSSelector] {
        var selectors: [CSSSelector] = []
        repeat {
            skipBlanks()
            selectors.append(
                try selector(
                    allowsPseudoElement: allowsPseudoElement,
                    allowsRelative: allowsRelative
                )
            )
        } while skip(.mark(","))
        return selectors
    }

    /// The arguments of `:not(…)` and the like, up to and with the closing parenthesis.
    mutating func nestedList(allowsRelative: Bool) throws(ExpressionProblem) -> [CSSSelector] {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingMax else {
            throw ExpressionProblem(
                peek.offset,
                "selectors are nested deeper than \(Self.nestingMax)",
                cure: "write it flatter"
            )
        }
        let selectors = try list(allowsPseudoElement: false, allowsRelative: allowsRelative)
        try close()
        return selectors
    }

    /// Reads the closing parenthesis of a function.
    mutating func close() throws(ExpressionProblem) {
        skipBlanks()
        let token = peek
        guard skip(.mark(")")) else {
            throw ExpressionProblem(
                token.offset,
                "\(token.description) stands where ')' should",
                cure: "close the parenthesis"
            )
        }
    }

    private mutating func selector(
        allowsPseudoElement: Bool,
        allowsRelative: Bool
    ) throws(ExpressionProblem) -> CSSSelector {
        let start = peek
        var combinator = combinator()
        if combinator != nil, !allowsRelative {
            throw ExpressionProblem(
                start.offset,
                "\(start.description) has nothing on its left",
                cure: "write a selector before it"
            )
        }
        var selector = CSSSelector(parts: [], pseudoElement: nil)
        while true {
            let mayBeScope = selector.parts.isEmpty && combinator == nil && nesting == 0
            let compound = try compound(mayBeScope: mayBeScope)
            selector.parts.append(CSSPart(combinator: combinator, compound: compound))
            if let element = try pseudoElement(isAllowed: allowsPseudoElement) {
                selector.pseudoElement = element
                skipBlanks()
                return selector
            }
            combinator = self.combinator()
            guard combinator != nil else { return selector }
        }
    }

    /// Reads what joins two compounds; `nil` at the end of a selector.
    private mutating func combinator() -> CSSCombinator? {
        let hasBlank = peek.kind == .blank
        skipBlanks()
        var combinator: CSSCombinator?
        switch peek.kind {
        case .mark(">"): combinator = .child
        case .mark("+"): combinator = .nextSibling
        case .mark("~"): combinator = .laterSibling
        case .mark(","), .mark(")"), .end: return nil
        default: return hasBlank ? .descendant : nil
        }
        index += 1
        skipBlanks()
        return combinator
    }

    private mutating func compound(mayBeScope: Bool) throws(ExpressionProblem) -> CSSCompound {
        let start = peek
        var compound = CSSCompound(element: nil, conditions: [])
        let name = try elementName()
        if name != "*" { compound.element = name }
        while let condition = try condition(of: compound, mayBeScope: mayBeScope) {
            compound.conditions.append(condition)
        }
        // `::attr(src)` alone means any element's.
        if name != nil || !compound.conditions.isEmpty || startsPseudoElement { return compound }
        throw ExpressionProblem(
            start.offset,
            "\(start.description) stands where a selector should",
            cure: "write an element, .class, #id, [attribute] or :pseudo-class"
        )
    }

    /// An element's name, with a namespace in front if need be: `a`, `*`, `*|a`, `|a`.
    ///
    /// - Returns: The name, `"*"` for any, `nil` where no name stands.
    private mutating func elementName() throws(ExpressionProblem) -> String? {
        let start = peek
        var name = nameOrStar()
        if peek.kind == .mark("|"), following.kind != .mark("=") {
            guard name == nil || name == "*" else { throw namespaceProblem(start) }
            index += 1
            name = nameOrStar()
        }
        return name
    }

    private mutating func nameOrStar() -> String? {
        switch peek.kind {
        case .name(let name):
            index += 1
            return name.asciiLowercased
        case .mark("*"):
            index += 1
            return "*"
        default:
            return nil
        }
    }

    func namespaceProblem(_ token: CSSToken) -> ExpressionProblem {
        ExpressionProblem(
            token.offset,
            "HTML has no namespace \(token.description)",
            cure: "leave it and the '|' out"
        )
    }

    private mutating func condition(
        of compound: CSSCompound,
        mayBeScope: Bool
    ) throws(ExpressionProblem) -> CSSCondition? {
        let token = peek
        switch token.kind {
        case .hash(let id):
            index += 1
            return .id(id)
        case .mark("."):
            index += 1
            guard case .name(let name) = peek.kind else { throw missingName(after: token) }
            index += 1
            return .hasClass(name)
        case .mark("["):
            index += 1
            return .attribute(try attributeTest())
        case .mark(":") where !startsPseudoElement:
            index += 1
            let isAlone = compound.element == nil && compound.conditions.isEmpty
            return try pseudoClass(
                colon: token,
                of: compound.element,
                mayBeScope: mayBeScope && isAlone
            )
        default:
            return nil
        }
    }

    private func missingName(after token: CSSToken) -> ExpressionProblem {
        var cure = "write a name right behind '.'"
        if case .digits(let digits) = peek.kind {
            cure = "a name that starts with a digit is written [class~='\(digits)…']"
        }
        return ExpressionProblem(
            token.offset,
            "\(peek.description) stands where the name of a class should",
            cure: cure
        )
    }

    private var startsPseudoElement: Bool {
        peek.kind == .mark(":") && following.kind == .mark(":")
    }

    private mutating func pseudoElement(
        isAllowed: Bool
    ) throws(ExpressionProblem) -> CSSPseudoElement? {
        guard startsPseudoElement else { return nil }
        let start = peek
        guard isAllowed else {
            throw ExpressionProblem(
                start.offset,
                "a pseudo-element can't stand inside parentheses",
                cure: "put it at the end of the whole selector"
            )
        }
        index += 2
        switch advance().kind {
        case .name(let name) where name.asciiLowercased == "text": return .text
        case .function(let name) where name.asciiLowercased == "attr":
            skipBlanks()
            guard case .name(let name) = peek.kind else {
                throw ExpressionProblem(
                    peek.offset,
                    "\(peek.description) stands where the name of an attribute should",
                    cure: "write ::attr(src)"
                )
            }
            index += 1
            try close()
            return .attribute(name.asciiLowercased)
        default:
            throw ExpressionProblem(
                start.offset,
                "this pseudo-element is not known",
                cure: "there are ::text and ::attr(name)"
            )
        }
    }
}

extension String {
    /// With the letters A to Z made small, which is how HTML compares names.
    var asciiLowercased: String {
        guard utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return self }
        return String(
            decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self
        )
    }
}
