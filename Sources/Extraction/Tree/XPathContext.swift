import CLibXML2

/// Where XPath expressions are compiled and evaluated; used by one thread at a time.
final class XPathContext {
    /// What libxml2 reported last.
    struct Problem {
        var code: xmlXPathError
        /// Where in the expression, in bytes.
        var offset: Int
    }

    /// Steps that all expressions of one page may take together: some seconds, where an honest page
    /// takes a few thousand.
    private static let stepsMax: UInt = 100_000_000

    private let context: xmlXPathContextPtr
    private(set) var lastProblem = Problem(code: XPATH_EXPRESSION_OK, offset: 0)

    init() {
        _ = Self.isLibraryReady
        guard let context = xmlXPathNewContext(nil) else {
            preconditionFailure("no memory is left for XPath")
        }
        self.context = context
        xmlXPathContextSetCache(context, 1, -1, 0)
        // The context does not outlive this object, which owns it.
        context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.error = { data, error in
            guard let data, let error else { return }
            Unmanaged<XPathContext>.fromOpaque(data).takeUnretainedValue().lastProblem = Problem(
                code: xmlXPathError(
                    rawValue: UInt32(bitPattern: error.pointee.code)
                        &- XML_XPATH_EXPRESSION_OK.rawValue
                ),
                offset: Int(error.pointee.int1)
            )
        }
    }

    deinit { xmlXPathFreeContext(context) }

    /// libxml2's tables are set up once, before a second thread can use them.
    private static let isLibraryReady: Void = {
        xmlInitParser()
        xmlXPathInit()
    }()

    func compile(_ text: String) -> xmlXPathCompExprPtr? {
        clibxml2_be_quiet()
        lastProblem = Problem(code: XPATH_EXPRESSION_OK, offset: 0)
        return xmlXPathCtxtCompile(context, text)
    }

    /// Whether an expression gives nodes; which it does is the same on every page.
    func givesNodes(_ expression: XPathExpression) -> Bool {
        guard let document = xmlNewDoc("1.0") else { return true }
        defer { xmlFreeDoc(document) }
        guard let root = xmlNewDocNode(document, nil, "html", nil) else { return true }
        xmlDocSetRootElement(document, root)
        context.pointee.doc = document
        defer { leave() }
        guard let value = evaluate(expression, at: root) else { return false }
        defer { value.free() }
        return value.isNodes
    }

    /// Goes over to another page and gives it the full number of steps.
    func enter(_ document: HTMLDocument) {
        clibxml2_be_quiet()
        context.pointee.doc = document.pointer
        context.pointee.opLimit = Self.stepsMax
        context.pointee.opCount = 0
    }

    /// Forgets the page, which is about to be freed.
    func leave() {
        context.pointee.doc = nil
        context.pointee.node = nil
    }

    /// Evaluates an expression with a node as its context.
    ///
    /// - Returns: What it gives, to be freed by the caller; `nil` if libxml2 gave up.
    func evaluate(_ expression: XPathExpression, at node: xmlNodePtr) -> XPathValue? {
        context.pointee.node = node
        context.pointee.contextSize = 1
        context.pointee.proximityPosition = 1
        return xmlXPathCompiledEval(expression.pointer, context).map(XPathValue.init)
    }
}

/// What an expression gave; not to be used after its page is freed.
struct XPathValue {
    private let object: xmlXPathObjectPtr

    init(_ object: xmlXPathObjectPtr) {
        self.object = object
    }

    func free() {
        xmlXPathFreeObject(object)
    }

    /// Whether it is a set of nodes, not a text, a number or a truth value.
    var isNodes: Bool { object.pointee.type == XPATH_NODESET }

    /// The nodes in the order of the page; none if it is something else.
    var nodes: UnsafeBufferPointer<xmlNodePtr?> {
        guard isNodes, let set = object.pointee.nodesetval else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: set.pointee.nodeTab, count: Int(set.pointee.nodeNr))
    }

    /// The texts of all nodes, or the text that the expression itself gave.
    var texts: [String] {
        isNodes ? nodes.compactMap { $0?.text } : [string]
    }

    /// The first text of which something is left when it is cleaned; `nil` if there is none.
    func firstText(_ clean: (String) -> String) -> String? {
        guard isNodes else {
            let text = clean(string)
            return text.isEmpty ? nil : text
        }
        for node in nodes {
            let text = clean(node?.text ?? "")
            if !text.isEmpty { return text }
        }
        return nil
    }

    /// The first address, as `firstText`; of an attribute of several candidates the largest.
    func firstAddress(_ clean: (String) -> String) -> String? {
        for node in nodes {
            guard let node else { continue }
            let text = node.isSourceSet ? SourceSet.largest(of: node.text) ?? "" : node.text
            let address = clean(text)
            if !address.isEmpty { return address }
        }
        return isNodes ? nil : firstText(clean)
    }

    private var string: String {
        guard let text = xmlXPathCastToString(object) else { return "" }
        defer { clibxml2_free(text) }
        return String(cString: text)
    }
}
