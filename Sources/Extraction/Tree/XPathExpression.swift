import CLibXML2

/// An XPath expression, compiled.
///
/// libxml2 writes into it while it is evaluated: it keeps the functions it has looked up. So it is used
/// by one thread at a time, together with its context.
final class XPathExpression {
    let pointer: xmlXPathCompExprPtr

    /// Compiles an expression.
    ///
    /// - Throws: `ExpressionProblem` with the place where libxml2 gave up.
    init(_ text: String, in context: XPathContext) throws(ExpressionProblem) {
        guard let pointer = context.compile(text) else {
            throw context.lastProblem.syntax(of: text)
        }
        self.pointer = pointer
    }

    deinit { xmlXPathFreeCompExpr(pointer) }
}
