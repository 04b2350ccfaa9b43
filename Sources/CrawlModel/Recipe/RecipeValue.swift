import Yams

/// One value of a recipe with the place where it stands.
struct RecipeValue {
    private let node: Node
    private let key: String
    private let file: String

    init(_ node: Node, key: String, file: String) {
        self.node = node
        self.key = key
        self.file = file
    }

    /// Whether it is a single word, number or text.
    var isScalar: Bool { node.scalar != nil }

    /// The entries of a list, or the value itself as a list of one.
    var list: [RecipeValue] {
        guard let sequence = node.sequence else { return [self] }
        return sequence.map { RecipeValue($0, key: key, file: file) }
    }

    /// Whether it has keys of its own.
    var isMapping: Bool { node.mapping != nil }

    /// The line that it begins on, from 1.
    var line: Int { node.mark?.line ?? 1 }

    func error(_ what: String, cure: String) -> RecipeError {
        RecipeError(file: file, line: node.mark?.line, problem: RecipeProblem(what, cure: cure))
    }

    func mapping() throws(RecipeError) -> RecipeMapping {
        try RecipeMapping(node, key: key, file: file)
    }

    func text() throws(RecipeError) -> String {
        guard let scalar = node.scalar else {
            throw error("'\(key)' must be a text", cure: "write one value after the colon")
        }
        return scalar.string
    }

    func selector(_ language: Selector.Language) throws(RecipeError) -> Selector {
        if let mapping = node.mapping, mapping.count == 1, let (name, value) = mapping.first {
            guard let other = name.string.flatMap(Selector.Language.init(rawValue:)) else {
                throw error(
                    "'\(name.string ?? "")' is no selector language",
                    cure: "write css, xpath, json or regex"
                )
            }
            return try RecipeValue(value, key: key, file: file).selector(other)
        }
        let expression = try text()
        guard !expression.isEmpty else {
            throw error("'\(key)' is empty", cure: "write a selector")
        }
        return Selector(language, expression, key: key, line: node.mark?.line ?? 1)
    }

    /// A selector that a word of the recipe stands for.
    func selector(_ language: Selector.Language, standingFor expression: String) -> Selector {
        Selector(language, expression, key: key, line: node.mark?.line ?? 1)
    }

    /// Selectors that are tried in order: a list, or one alone.
    func selectors(_ language: Selector.Language) throws(RecipeError) -> [Selector] {
        var selectors: [Selector] = []
        for entry in list { selectors.append(try entry.selector(language)) }
        guard !selectors.isEmpty else { throw error("'\(key)' is empty", cure: "write a selector") }
        return selectors
    }

    func number(in range: ClosedRange<Int>) throws(RecipeError) -> Int {
        guard let number = Int(try text()), range.contains(number) else {
            throw error(
                "'\(key)' is no whole number that can be used",
                cure: "write one from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _: Word.Type
    ) throws(RecipeError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text()) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: " or ")
            throw error("'\(try text())' is not known for '\(key)'", cure: "write \(words)")
        }
        return word
    }

    /// A time above zero and up to a day: `2s`, `500ms`, `1.5s`, `2m`, `1h`.
    func duration() throws(RecipeError) -> Duration {
        guard let duration = Amount.duration(try text()), duration <= .seconds(86_400) else {
            throw error("'\(try text())' is no time for '\(key)'", cure: "write 2s, 500ms or 2m")
        }
        return duration
    }

    /// A time as above, or `0`.
    func durationOrZero() throws(RecipeError) -> Duration {
        try text() == "0" ? .zero : try duration()
    }

    func fraction(in range: ClosedRange<Double>) throws(RecipeError) -> Double {
        guard let number = Double(try text()), range.contains(number) else {
            throw error(
                "'\(key)' is no number that can be used",
                cure: "write one from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    func flag() throws(RecipeError) -> Bool {
        switch try text() {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw error("'\(key)' must be true or false", cure: "write one of the two")
        }
    }

    /// A size above zero: `500kB`, `20MB`, `1GB`, or a bare number of bytes.
    func byteCount() throws(RecipeError) -> Int {
        guard let bytes = Amount.bytes(try text()) else {
            throw error("'\(try text())' is no size for '\(key)'", cure: "write 500kB, 20MB or 1GB")
        }
        return bytes
    }

    /// The value read by a type that says itself what is wrong.
    func checked<Value>(
        _ read: (String) throws(RecipeProblem) -> Value
    ) throws(RecipeError) -> Value {
        let text = try text()
        do throws(RecipeProblem) {
            return try read(text)
        } catch {
            throw RecipeError(file: file, line: node.mark?.line, problem: error)
        }
    }
}
