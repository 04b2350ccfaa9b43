/// A JSONPath query (RFC 9535), as its parser built it.
struct JSONPath: Sendable, Equatable {
    /// Whether it starts with `@`: at the item, or the value that a filter looks at.
    let isRelative: Bool
    let segments: [Segment]

    /// One step: to children, or to all descendants and then to their children.
    struct Segment: Sendable, Equatable {
        let isDescendant: Bool
        let choices: [Choice]
    }

    /// What a segment picks of a value's children (section 2.3).
    enum Choice: Sendable, Equatable {
        /// A member by its name in UTF-8.
        case name([UInt8])
        case wildcard
        case index(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case filter(Condition)
    }

    /// What a filter asks (section 2.3.5).
    indirect enum Condition: Sendable, Equatable {
        case any([Condition])
        case all([Condition])
        case not(Condition)
        case exists(JSONPath)
        case compare(Operand, Comparison, Operand)
        /// `match` if the whole text must fit, else `search`.
        case fits(Operand, JSONTextPattern, isWhole: Bool)
    }

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case more = ">"
    }

    /// A side of a comparison or an argument of a function: one value, or nothing.
    indirect enum Operand: Sendable, Equatable {
        case literal(Literal)
        /// A query that gives one value at most.
        case query(JSONPath)
        /// `length()`: of a text, an array or an object.
        case length(Operand)
        /// `count()`: of the values that a query finds.
        case count(JSONPath)
        /// `value()`: the value that a query finds, if it is one alone.
        case value(JSONPath)
    }

    enum Literal: Sendable, Equatable {
        case null
        case flag(Bool)
        /// As it is written.
        case number(String)
        case string(String)
    }

    /// Whether it gives one value at most (section 2.3.5.1, singular queries).
    var isSingular: Bool {
        segments.allSatisfy { segment in
            guard !segment.isDescendant, segment.choices.count == 1 else { return false }
            switch segment.choices[0] {
            case .name, .index: return true
            case .wildcard, .slice, .filter: return false
            }
        }
    }
}

/// The pattern of `match()` and `search()`: written in the query, or found on the page.
enum JSONTextPattern: Sendable, Equatable {
    case written(Pattern)
    case found(JSONPath.Operand)

    static func == (one: JSONTextPattern, other: JSONTextPattern) -> Bool {
        switch (one, other) {
        case (.written(let one), .written(let other)): one === other
        case (.found(let one), .found(let other)): one == other
        default: false
        }
    }

    /// Compiles an I-Regexp (RFC 9485) as section 5.4 says.
    static func pattern(_ text: String, isWhole: Bool) throws(ExpressionProblem) -> Pattern {
        var out = ""
        var isInClass = false
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "\\":
                out.append(character)
                if let next = rest.popFirst() { out.append(next) }
            case "." where !isInClass: out += #"[^\n\r]"#
            default:
                if character == "[" { isInClass = true }
                if character == "]" { isInClass = false }
                out.append(character)
            }
        }
        // Compiled by itself first: what closes the group below early is no pattern.
        _ = try Pattern(out)
        return try Pattern(isWhole ? #"\A(?:\#(out))\z"# : out)
    }
}
