package import CrawlModel

/// A selector of a recipe that can't be used; the message points at the character.
package struct SelectorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The selector with its key and line in the recipe.
    package let selector: Selector
    /// Where it goes wrong, in Unicode scalars from 0; `nil` where the whole selector is meant.
    package let offset: Int?
    /// What is wrong and what to do about it.
    package let problem: RecipeProblem

    init(_ selector: Selector, _ expression: ExpressionProblem) {
        self.selector = selector
        offset = expression.offset.map { min($0, selector.text.unicodeScalars.count) }
        problem = expression.problem
    }

    /// One line for people; then, if the selector fits on a line, the selector with a mark under it.
    ///
    ///     there is no pseudo-class ':text' at character 2: did you mean '::text'?
    ///         a:text
    ///          ^
    package var description: String {
        guard let offset else { return "\(problem.what): \(problem.cure)" }
        let line = "\(problem.what) at character \(offset + 1): \(problem.cure)"
        let scalars = selector.text.unicodeScalars
        guard scalars.count <= 100, !scalars.contains(where: { $0.value < 0x20 }) else {
            return line
        }
        return "\(line)\n    \(selector.text)\n    \(String(repeating: " ", count: offset))^"
    }
}

/// What is wrong with an expression, before it is known whose it is.
struct ExpressionProblem: Error, Equatable {
    /// Where it goes wrong, in Unicode scalars from 0; `nil` where the whole expression is meant.
    let offset: Int?
    let problem: RecipeProblem

    init(_ offset: Int?, _ what: String, cure: String) {
        self.offset = offset
        problem = RecipeProblem(what, cure: cure)
    }
}
