package import CrawlModel

/// How far a selector that found nothing got on a page.
package struct SelectorTrace: Equatable, Sendable {
    /// A beginning of the selector.
    package struct Step: Equatable, Sendable {
        /// The selector up to here.
        package let text: String
        /// How many nodes it matches, over all items for a selector in an item; for a pattern its matches.
        package let matches: Int
    }

    /// The selector with its key and line in the recipe.
    package let selector: Selector
    /// Its beginnings, each longer than the one before; up to the first that matches nothing.
    package let steps: [Step]
    /// What may have been meant, a sentence each.
    package let suggestions: [String]
}

extension Selector {
    /// The beginnings of the selector that are selectors themselves, the shortest first.
    ///
    /// Of a pattern these are all its characters one by one, and most are no patterns.
    var beginnings: [String] {
        let scalars = Array(text.unicodeScalars)
        func prefix(_ count: Int) -> String {
            String(String.UnicodeScalarView(scalars[..<count]))
        }
        var ends: [Int]
        switch language {
        case .css: ends = (try? CSSTokenizer.tokens(of: text))?.map(\.offset) ?? []
        case .xpath: ends = Self.stepEnds(of: scalars)
        case .json: ends = []
        case .regex: ends = Array(1..<max(1, scalars.count))
        }
        ends.append(scalars.count)
        var known: Set<String> = [""]
        // A blank counts in a pattern only.
        return ends.map { language == .regex ? prefix($0) : PageText.caption(prefix($0)) }
            .filter { known.insert($0).inserted }
    }

    /// Where an XPath may be cut: before a step, and before a predicate.
    private static func stepEnds(of scalars: [Unicode.Scalar]) -> [Int] {
        var ends: [Int] = []
        var quote: Unicode.Scalar?
        var depth = 0
        for (index, scalar) in scalars.enumerated() {
            if let open = quote {
                if scalar == open { quote = nil }
                continue
            }
            switch scalar {
            case "'", "\"": quote = scalar
            case "[", "(":
                if scalar == "[", depth == 0 { ends.append(index) }
                depth += 1
            case "]", ")": depth -= 1
            case "/" where depth == 0 && index > 0 && scalars[index - 1] != "/": ends.append(index)
            default: break
            }
        }
        return ends
    }
}
