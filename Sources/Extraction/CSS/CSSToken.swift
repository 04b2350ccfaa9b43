/// A piece of a CSS selector (CSS Syntax 3, section 4), with escapes already decoded.
struct CSSToken: Equatable {
    enum Kind: Equatable {
        /// A name: `div`, `nth-child`.
        case name(String)
        /// A name with an opening parenthesis right behind it: `not(`.
        case function(String)
        /// A number sign with a name: `#top`.
        case hash(String)
        /// A text in quotes.
        case string(String)
        /// Digits, as they stand in `2n+1`.
        case digits(String)
        /// Blanks, one or more.
        case blank
        /// Any other character.
        case mark(Unicode.Scalar)
        /// After the last character; always there.
        case end
    }

    let kind: Kind
    /// Where it starts, in Unicode scalars from 0.
    let offset: Int

    /// How messages name it.
    var description: String {
        switch kind {
        case .name(let text): "'\(text)'"
        case .function(let text): "'\(text)('"
        case .hash(let text): "'#\(text)'"
        case .string(let text): "the text '\(text)'"
        case .digits(let text): "'\(text)'"
        case .blank: "a blank"
        case .mark(let scalar): "'\(scalar)'"
        case .end: "the end"
        }
    }
}
