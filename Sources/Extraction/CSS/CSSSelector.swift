/// A selector of compounds joined by combinators: `ul > li.new a` (Selectors 4, section 3.1).
struct CSSSelector: Equatable {
    /// One or more compounds, from left to right.
    var parts: [CSSPart]
    /// What is taken of the elements that match; `nil` for the elements themselves.
    var pseudoElement: CSSPseudoElement?
}

/// A compound with what stands before it.
struct CSSPart: Equatable {
    /// How it is joined to the part on its left; on the first part `nil`, or a combinator that is
    /// meant relative to the item: `> img`.
    var combinator: CSSCombinator?
    var compound: CSSCompound
}

/// How two compounds are joined (Selectors 4, section 15).
enum CSSCombinator: Equatable {
    case descendant, child, nextSibling, laterSibling
}

/// What must be true of one element: `a.thumb[href]:first-child`.
struct CSSCompound: Equatable {
    /// The element's name in lower case; `nil` for any.
    var element: String?
    var conditions: [CSSCondition]
}

/// One simple selector other than the element's name.
indirect enum CSSCondition: Equatable {
    /// `#top`
    case id(String)
    /// `.thumb`
    case hasClass(String)
    /// `[href]`, `[href^='/pic/']`
    case attribute(CSSAttributeTest)
    /// `:nth-child(2n+1 of .new)` and its relatives
    case position(CSSPosition)
    /// `:root`
    case root
    /// `:scope`, only as the first compound of a selector
    case scope
    /// `:empty`
    case empty
    /// `:contains('text')`
    case contains(String)
    /// `:lang(en, zh)`
    case language([String])
    /// `:is(…)`, `:where(…)`
    case any([CSSSelector])
    /// `:not(…)`
    case none([CSSSelector])
    /// `:has(…)`
    case has([CSSSelector])
    /// `:link`, `:any-link`
    case link
    /// `:checked`
    case checked
    /// `:enabled`
    case enabled
    /// `:disabled`
    case disabled
    /// `:hover` and others that are never true of a page that nobody uses
    case never
}

/// A test of one attribute (Selectors 4, section 6).
struct CSSAttributeTest: Equatable {
    enum Operator: String, CaseIterable {
        case equal = "="
        case hasWord = "~="
        case startsWithWord = "|="
        case startsWith = "^="
        case endsWith = "$="
        case contains = "*="
        /// Not part of any standard, but of Scrapy's CSS: another value, or no such attribute.
        case notEqual = "!="
    }

    struct Comparison: Equatable {
        var operation: Operator
        var text: String
        /// Letters A to Z and a to z count as equal: `[type='GIF' i]`.
        var ignoresCase: Bool
    }

    /// The attribute's name in lower case.
    var name: String
    /// What is asked of its value; `nil`: it is there.
    var comparison: Comparison?
}

/// A place among siblings: every `step`th from `first` on, counted from 1 (Selectors 4, section 13).
struct CSSPosition: Equatable {
    enum Siblings: Equatable {
        /// All of them.
        case all
        /// Those with the same name as the element.
        case sameType
        /// Those that match one of the selectors, as the element itself must.
        case matching([CSSSelector])
    }

    var step: Int
    var first: Int
    var fromEnd: Bool
    var siblings: Siblings
}

/// What is taken of an element, as Scrapy has it.
enum CSSPseudoElement: Equatable {
    /// `::text`: the texts that stand directly in it.
    case text
    /// `::attr(name)`: the value of an attribute, its name in lower case.
    case attribute(String)
}
