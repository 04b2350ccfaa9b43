import CrawlModel
import Testing

@testable import Extraction

/// A page of a test's own, searched with single expressions.
struct TestPage: Sendable {
    let markup: String

    init(_ markup: String) {
        self.markup = markup
    }

    /// What a CSS selector finds: the `id` of each element, the text of anything else.
    ///
    /// - Parameters:
    ///   - css: The selector.
    ///   - item: The `id` of the item it is looked for in; `nil` for the whole page.
    /// - Returns: One text for each node, in the order of the page.
    /// - Throws: `ExpressionProblem` or `ExtractionError`.
    func found(css: String, in item: String? = nil) throws -> [String] {
        let selectors = try CSSParser.selectors(in: css)
        let scope: XPathTranslator.Scope = item == nil ? .page : .item
        return try found(
            xpath: XPathTranslator.expression(for: selectors, in: scope),
            in: item
        )
    }

    /// What an XPath expression finds, as a CSS selector's.
    func found(xpath: String, in item: String? = nil) throws -> [String] {
        let context = XPathContext()
        let expression = try XPathExpression(xpath, in: context)
        let start = try XPathExpression(item.map { "//*[@id = '\($0)']" } ?? "/*", in: context)
        let bytes = Array(markup.utf8)
        return try bytes.withUnsafeBufferPointer { text in
            try HTMLDocument.parse(text, limit: TimeLimit { .zero }) { page in
                context.enter(page)
                defer { context.leave() }
                guard let root = page.root, let starts = context.evaluate(start, at: root) else {
                    return []
                }
                defer { starts.free() }
                guard let node = starts.nodes.first ?? nil,
                    let value = context.evaluate(expression, at: node)
                else { return ["nothing to start from"] }
                defer { value.free() }
                return value.nodes.map { node in
                    guard let node else { return "?" }
                    return node.attribute("id") ?? node.text
                }
            }
        }
    }
}

/// A selector and the XPath that means the same, written by hand.
struct Twin: Sendable, CustomTestStringConvertible {
    let css: String
    let xpath: String

    init(_ css: String, _ xpath: String) {
        self.css = css
        self.xpath = xpath
    }

    var testDescription: String { css }
}
