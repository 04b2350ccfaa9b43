extension CSSParser {
    /// Reads a pseudo-class behind its colon.
    ///
    /// - Parameters:
    ///   - colon: The colon, for messages.
    ///   - element: The name of the element it is asked of; `nil` for any.
    ///   - mayBeScope: Whether it stands where `:scope` may.
    /// - Returns: What it asks of an element.
    /// - Throws: Why it can't be read, with its place.
    mutating func pseudoClass(
        colon: CSSToken,
        of element: String?,
        mayBeScope: Bool
    ) throws(ExpressionProblem) -> CSSCondition {
        let token = advance()
        switch token.kind {
        case .name(let name):
            return try plainPseudoClass(
                name.asciiLowercased,
                colon: colon,
                of: element,
                mayBeScope: mayBeScope
            )
        case .function(let name):
            return try functionalPseudoClass(name.asciiLowercased, colon: colon, of: element)
        default:
            throw ExpressionProblem(
                colon.offset,
                "\(token.description) stands where the name of a pseudo-class should",
                cure: "write a name right behind ':'"
            )
        }
    }

    private func plainPseudoClass(
        _ name: String,
        colon: CSSToken,
        of element: String?,
        mayBeScope: Bool
    ) throws(ExpressionProblem) -> CSSCondition {
        switch name {
        case "root": return .root
        case "empty": return .empty
        case "link", "any-link": return .link
        case "checked": return .checked
        case "enabled": return .enabled
        case "disabled": return .disabled
        case "hover", "active", "focus", "focus-within", "focus-visible", "visited", "target":
            return .never
        case "first-child": return .position(.first(fromEnd: false, .all))
        case "last-child": return .position(.first(fromEnd: true, .all))
        case "only-child": return only(.all, of: element)
        case "first-of-type", "last-of-type", "only-of-type":
            try requireType(element, colon: colon, name)
            if name == "only-of-type" { return only(.sameType, of: element) }
            return .position(.first(fromEnd: name == "last-of-type", .sameType))
        case "scope":
            if mayBeScope { return .scope }
            throw ExpressionProblem(
                colon.offset,
                "':scope' can't stand here",
                cure: "it is the item itself and can only come first: ':scope > a'"
            )
        default: throw unknownPseudoClass(name, colon: colon)
        }
    }

    private func only(_ siblings: CSSPosition.Siblings, of element: String?) -> CSSCondition {
        let first = CSSCondition.position(.first(fromEnd: false, siblings))
        let last = CSSCondition.position(.first(fromEnd: true, siblings))
        let both = CSSCompound(element: element, conditions: [first, last])
        return .any([CSSSelector(parts: [CSSPart(combinator: nil, compound: both)])])
    }

    private mutating func functionalPseudoClass(
        _ name: String,
        colon: CSSToken,
        of element: String?
    ) throws(ExpressionProblem) -> CSSCondition {
        switch name {
        case "not": return .none(try nestedList(allowsRelative: false))
        case "is", "where", "matches": return .any(try nestedList(allowsRelative: false))
        case "has": return .has(try nestedList(allowsRelative: true))
        case "nth-child": return .position(try position(fromEnd: false))
        case "nth-last-child": return .position(try position(fromEnd: true))
        case "nth-of-type", "nth-last-of-type":
            try requireType(element, colon: colon, "\(name)()")
            return .position(try position(ofTypeFromEnd: name == "nth-last-of-type"))
        case "contains":
            let text = try text()
            try close()
            return .contains(text)
        case "lang":
            var languages = [try text()]
            while skip(.mark(",")) { languages.append(try text()) }
            try close()
            return .language(languages)
        default: throw unknownPseudoClass("\(name)()", colon: colon)
        }
    }

    /// One text or name, with blanks around it.
    private mutating func text() throws(ExpressionProblem) -> String {
        skipBlanks()
        let token = advance()
        defer { skipBlanks() }
        switch token.kind {
        case .string(let text), .name(let text): return text
        default:
            throw ExpressionProblem(
                token.offset,
                "\(token.description) stands where a text should",
                cure: "write it in quotes"
            )
        }
    }

    private func requireType(
        _ element: String?,
        colon: CSSToken,
        _ name: String
    ) throws(ExpressionProblem) {
        guard element == nil else { return }
        throw ExpressionProblem(
            colon.offset,
            "':\(name)' needs the element's name",
            cure: "write it in front: li:\(name)"
        )
    }

    private func unknownPseudoClass(_ name: String, colon: CSSToken) -> ExpressionProblem {
        let cure =
            switch name {
            case "text": "did you mean '::text'?"
            case "attr()": "did you mean '::attr(…)'?"
            case "before", "after", "first-line", "first-letter": "pages as sent have none"
            case "eq()", "gt()", "lt()", "first", "last", "odd", "even":
                "that is jQuery's: write :nth-child(…), :first-child or :last-child"
            default: "the ones that are known stand in docs/RECIPES.md"
            }
        return ExpressionProblem(colon.offset, "there is no pseudo-class ':\(name)'", cure: cure)
    }
}
