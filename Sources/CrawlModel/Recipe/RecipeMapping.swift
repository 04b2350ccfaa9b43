import Yams

/// A mapping of a recipe: keys that are checked against those that exist.
struct RecipeMapping {
    private let pairs: [(name: String, node: Node, line: Int?)]
    private let key: String?
    private let file: String
    private let line: Int?

    init(_ node: Node, key: String?, file: String) throws(RecipeError) {
        self.key = key
        self.file = file
        line = node.mark?.line
        guard let mapping = node.mapping else {
            throw RecipeError(
                file: file,
                line: node.mark?.line,
                problem: RecipeProblem(
                    key.map { "'\($0)' must hold keys of its own" }
                        ?? "a recipe is a list of 'key: value'",
                    cure: "see 'magpie init' for an example"
                )
            )
        }
        pairs = mapping.map { ($0.key.string ?? "", $0.value, $0.key.mark?.line) }
    }

    /// The values in the order they are written.
    var entries: [(name: String, value: RecipeValue)] {
        pairs.map { ($0.name, value(of: $0.name, $0.node)) }
    }

    func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    /// Refuses keys that do not exist, naming the nearest one that does.
    func allow(_ names: [String]) throws(RecipeError) {
        for pair in pairs where !names.contains(pair.name) {
            let nearest = names.min { distance($0, pair.name) < distance($1, pair.name) }
            let guess = nearest.flatMap { distance($0, pair.name) <= 2 ? $0 : nil }
            let problem = RecipeProblem(
                "unknown key '\(pair.name)'\(key.map { " in '\($0)'" } ?? "")",
                cure: guess.map { "did you mean '\($0)'?" }
                    ?? "the keys are \(names.joined(separator: ", "))"
            )
            throw RecipeError(file: file, line: pair.line, problem: problem)
        }
    }

    /// The value of a key; `nil` where it is missing or has nothing behind its colon.
    func value(_ name: String) throws(RecipeError) -> RecipeValue? {
        guard let pair = pairs.first(where: { $0.name == name }) else { return nil }
        let isNothing = pair.node.scalar.map { $0.string.isEmpty && $0.style == .plain } ?? false
        return isNothing ? nil : value(of: name, pair.node)
    }

    func required(_ name: String, cure: String) throws(RecipeError) -> RecipeValue {
        if let value = try value(name) { return value }
        let whole = key.map { "\($0).\(name)" } ?? name
        throw RecipeError(
            file: file,
            line: line,
            problem: RecipeProblem("'\(whole)' is missing", cure: cure)
        )
    }

    /// A default, read as if it were written here.
    func checked<Value>(
        _ text: String,
        _ read: (String) throws(RecipeProblem) -> Value
    ) throws(RecipeError) -> Value {
        do throws(RecipeProblem) {
            return try read(text)
        } catch {
            throw RecipeError(file: file, line: line, problem: error)
        }
    }

    private func value(of name: String, _ node: Node) -> RecipeValue {
        RecipeValue(node, key: key.map { "\($0).\(name)" } ?? name, file: file)
    }

    /// How many letters must be changed, added or taken away (Levenshtein).
    private func distance(_ one: String, _ other: String) -> Int {
        var row = Array(0...other.count)
        for (i, a) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in other.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[other.count]
    }
}
