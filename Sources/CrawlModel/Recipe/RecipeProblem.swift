/// What is wrong with one value of a recipe, before it is known where the value stands.
package struct RecipeProblem: Error, Equatable, Sendable {
    /// What is wrong, a clause without a full stop.
    package let what: String
    /// What to write instead, a clause without a full stop.
    package let cure: String

    /// A problem and its cure.
    package init(_ what: String, cure: String) {
        self.what = what
        self.cure = cure
    }
}

/// A recipe that can't be used: one message with file, line and cure.
package struct RecipeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The recipe's file as the user named it.
    package let file: String
    /// The line of the file, from 1; `nil` where the problem is something that is not there.
    package let line: Int?
    /// What is wrong and what to do about it.
    package let problem: RecipeProblem

    /// A problem found in a file.
    package init(file: String, line: Int?, problem: RecipeProblem) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    /// One line for people.
    ///
    /// `gallery.yaml:7: unknown key 'pathh': did you mean 'path'?`
    package var description: String {
        "\(file):\(line.map { "\($0):" } ?? "") \(problem.what): \(problem.cure)"
    }
}
