extension XPathTranslator {
    /// One simple selector as a test; `element` is the name of the element it is asked of, where its
    /// selector says it.
    static func test(_ condition: CSSCondition, element: String?) -> XPathTest {
        switch condition {
        case .id(let id): .expression("@id = \(XPathText.literal(id))")
        case .hasClass(let name): word(name, of: "@class")
        case .attribute(let attribute): test(attribute)
        case .position(let position): test(position, element: element)
        // A path from an item never asks for its scope, and that of a whole page is its root.
        case .root, .scope: .expression("not(parent::*)")
        case .empty: .expression("not(* or text())")
        case .contains(let text): .expression("contains(., \(XPathText.literal(text)))")
        case .language(let names): names.reduce(.never) { $0 || language($1) }
        case .any(let selectors): test(selectors)
        case .none(let selectors): !test(selectors)
        case .has(let selectors):
            selectors.reduce(.never) { $0 || .expression(path($1, from: .below)) }
        case .link, .checked, .enabled, .disabled: state(condition)
        case .never: .never
        }
    }

    // MARK: Attributes

    private static func test(_ test: CSSAttributeTest) -> XPathTest {
        let name = attribute(test.name)
        guard let comparison = test.comparison else { return .expression(name) }
        let text = comparison.ignoresCase ? comparison.text.asciiLowercased : comparison.text
        let value = comparison.ignoresCase ? lowercased(name) : name
        let literal = XPathText.literal(text)
        switch comparison.operation {
        case .equal:
            // Lower-cased, a missing attribute is an empty text, which must not equal an empty value.
            let isThere: XPathTest = comparison.ignoresCase ? .expression(name) : .always
            return isThere && .expression("\(value) = \(literal)")
        case .notEqual:
            let isThere: XPathTest = comparison.ignoresCase ? .expression(name) : .always
            return !(isThere && .expression("\(value) = \(literal)"))
        case .hasWord: return word(text, of: value)
        case .startsWithWord:
            let longer = XPathText.literal(text + "-")
            let isThere: XPathTest = comparison.ignoresCase ? .expression(name) : .always
            return (isThere && .expression("\(value) = \(literal)"))
                || .expression("starts-with(\(value), \(longer))")
        // An empty text is at the start, at the end and inside of nothing (Selectors 4, section 6.2).
        case .startsWith:
            return text.isEmpty ? .never : .expression("starts-with(\(value), \(literal))")
        case .contains:
            return text.isEmpty ? .never : .expression("contains(\(value), \(literal))")
        case .endsWith:
            if text.isEmpty { return .never }
            let before = text.unicodeScalars.count - 1
            let start = "string-length(\(name))" + (before == 0 ? "" : " - \(before)")
            return .expression("substring(\(value), \(start)) = \(literal)")
        }
    }

    /// True where a list of words separated by blanks holds one.
    ///
    /// Few elements pass the first test, and it costs a fraction of the second.
    private static func word(_ word: String, of value: String) -> XPathTest {
        let isWord = !word.isEmpty && !word.unicodeScalars.contains { $0.properties.isWhitespace }
        guard isWord else { return .never }
        return .expression("contains(\(value), \(XPathText.literal(word)))")
            && .expression(
                "contains(concat(' ', normalize-space(\(value)), ' '), "
                    + "\(XPathText.literal(" \(word) ")))"
            )
    }

    private static func lowercased(_ value: String) -> String {
        "translate(\(value), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
    }

    // MARK: Positions

    private static func test(_ position: CSSPosition, element: String?) -> XPathTest {
        let axis = position.fromEnd ? "following-sibling::" : "preceding-sibling::"
        var own: XPathTest = .always
        let siblings: String
        switch position.siblings {
        case .all: siblings = axis + "*"
        case .sameType:
            guard let element else { preconditionFailure("the parser asks for the element's name") }
            siblings =
                XPathText.isPlain(name: element)
                ? axis + element : "\(axis)*[name() = \(XPathText.literal(element))]"
        case .matching(let selectors):
            own = test(selectors)
            siblings = "\(axis)*\(own.predicate)"
        }
        return own && count(of: siblings, step: position.step, offset: position.first - 1)
    }

    /// True where the number of siblings is `step * n + offset` for an `n` of at least 0.
    private static func count(of siblings: String, step: Int, offset: Int) -> XPathTest {
        let count = "count(\(siblings))"
        if step == 0 {
            if offset < 0 { return .never }
            return .expression(offset == 0 ? "not(\(siblings))" : "\(count) = \(offset)")
        }
        if step > 0 {
            let least: XPathTest = offset > 0 ? .expression("\(count) >= \(offset)") : .always
            if step == 1 { return least }
            // A positive remainder, since XPath's mod takes the sign of its left side.
            let remainder = (offset % step + step) % step
            return least && .expression("\(count) mod \(step) = \(remainder)")
        }
        if offset < 0 { return .never }
        let most = XPathTest.expression("\(count) <= \(offset)")
        return step == -1
            ? most : most && .expression("\(count) mod \(-step) = \(offset % -step)")
    }

    // MARK: Language and states

    /// `:lang(en)` is true of `en` and `en-US` (Selectors 3, section 6.6.3).
    private static func language(_ name: String) -> XPathTest {
        let prefix = XPathText.literal(name.asciiLowercased + "-")
        let value = "concat(\(lowercased("@lang")), '-')"
        return .expression("ancestor-or-self::*[@lang][1][starts-with(\(value), \(prefix))]")
    }

    /// The states that a page as sent has (HTML Standard, section 4.16.3).
    private static func state(_ condition: CSSCondition) -> XPathTest {
        func isOne(of names: String...) -> XPathTest {
            names.reduce(.never) { $0 || .expression("self::\($1)") }
        }
        let controls = isOne(of: "button", "input", "select", "textarea", "fieldset")
        let all = controls || isOne(of: "option", "optgroup")
        // Each disabled fieldset around a control disables it, but for its first legend.
        let fieldsets = "count(ancestor::fieldset[@disabled])"
        let legends =
            "count(ancestor::legend[not(preceding-sibling::legend)][parent::fieldset[@disabled]])"
        let isDisabled =
            (all && .expression("@disabled"))
            || (isOne(of: "option") && .expression("parent::optgroup[@disabled]"))
            || (controls && .expression("\(fieldsets) > \(legends)"))
        switch condition {
        case .link: return isOne(of: "a", "area") && .expression("@href")
        case .checked:
            let type = lowercased("@type")
            return
                (isOne(of: "input") && .expression("@checked")
                && .expression("(\(type) = 'checkbox' or \(type) = 'radio')"))
                || (isOne(of: "option") && .expression("@selected"))
        case .disabled: return isDisabled
        default: return all && !isDisabled
        }
    }
}
