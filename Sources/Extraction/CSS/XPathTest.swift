/// A condition in XPath that is true or false of a node, put together before it is written down.
indirect enum XPathTest: Equatable {
    case always
    case never
    /// An expression that binds at least as tightly as a comparison.
    case expression(String)
    case not(XPathTest)
    case all([XPathTest])
    case any([XPathTest])

    static func && (one: XPathTest, other: XPathTest) -> XPathTest {
        switch (one, other) {
        case (.always, let test), (let test, .always): test
        case (.never, _), (_, .never): .never
        case (.all(let tests), .all(let more)): .all(tests + more)
        case (.all(let tests), _): .all(tests + [other])
        default: .all([one, other])
        }
    }

    static func || (one: XPathTest, other: XPathTest) -> XPathTest {
        switch (one, other) {
        case (.never, let test), (let test, .never): test
        case (.always, _), (_, .always): .always
        case (.any(let tests), _): .any(tests + [other])
        default: .any([one, other])
        }
    }

    static prefix func ! (test: XPathTest) -> XPathTest {
        switch test {
        case .always: .never
        case .never: .always
        case .not(let inner): inner
        default: .not(test)
        }
    }

    /// The condition as the inside of a predicate.
    var text: String {
        switch self {
        case .always: "true()"
        case .never: "false()"
        case .expression(let text): text
        case .not(let test): "not(\(test.text))"
        case .all(let tests): tests.map(\.operand).joined(separator: " and ")
        case .any(let tests): tests.map(\.text).joined(separator: " or ")
        }
    }

    /// The condition as one side of `and`, which binds more tightly than `or`.
    private var operand: String {
        if case .any = self { "(\(text))" } else { text }
    }

    /// The condition as a predicate; empty where there is none.
    var predicate: String { self == .always ? "" : "[\(text)]" }
}

/// Pieces of XPath that have no form of their own in the language.
enum XPathText {
    /// A text as a literal; XPath 1.0 knows no escapes, so one with both quotes is put together.
    static func literal(_ text: String) -> String {
        if !text.contains("'") { return "'\(text)'" }
        if !text.contains("\"") { return "\"\(text)\"" }
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "concat(" + parts.map { "'\($0)'" }.joined(separator: ", \"'\", ") + ")"
    }

    /// Whether a name may be written as it is; others need a test of `name()`, since HTML takes a
    /// colon and more for part of a name.
    static func isPlain(name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first.isASCII,
            first == "_" || first.properties.isAlphabetic
        else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_.".utf8.contains(byte)
            }
        }
    }
}
