import CLibXML2

extension xmlNodePtr {
    /// Whether it is an element with a name, which HTML keeps in lower case.
    func isElement(named name: String) -> Bool {
        pointee.type == XML_ELEMENT_NODE && xmlStrEqual(pointee.name, name) != 0
    }

    /// Whether it is an attribute that holds a list of candidates: `srcset`, `data-srcset`.
    var isSourceSet: Bool {
        guard pointee.type == XML_ATTRIBUTE_NODE, let name = pointee.name else { return false }
        return String(cString: name).hasSuffix("srcset")
    }

    /// The node that comes after this one on the page: its first child, its next sibling, or that of the
    /// nearest element around it that has one.
    var following: xmlNodePtr? {
        if pointee.type == XML_ELEMENT_NODE, let child = pointee.children { return child }
        var node = self
        while true {
            if let sibling = node.pointee.next { return sibling }
            guard let parent = node.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else {
                return nil
            }
            node = parent
        }
    }

    /// The value of an attribute of an element.
    func attribute(_ name: String) -> String? {
        guard let value = xmlGetNoNsProp(self, name) else { return nil }
        defer { clibxml2_free(value) }
        return String(cString: value)
    }

    /// The text of a node, entities decoded: of a text its characters, of an attribute its value, of an
    /// element all texts in it one after the other (XPath 1.0, section 5).
    var text: String {
        switch pointee.type {
        case XML_TEXT_NODE, XML_CDATA_SECTION_NODE, XML_COMMENT_NODE:
            return pointee.content.map { String(cString: $0) } ?? ""
        case XML_ATTRIBUTE_NODE:
            // Nearly always one text.
            guard let child = pointee.children else { return "" }
            if child.pointee.next == nil, child.pointee.type == XML_TEXT_NODE { return child.text }
        default: break
        }
        guard let content = xmlNodeGetContent(self) else { return "" }
        defer { clibxml2_free(content) }
        return String(cString: content)
    }
}
