extension SampleSite {
    /// Header fields in their order; a name is the same in any case (RFC 9110 section 5.1).
    package struct Headers: Sendable, Hashable, ExpressibleByDictionaryLiteral {
        /// One line.
        package struct Field: Sendable, Hashable {
            /// The name as written.
            package let name: String
            /// The value without blanks around it.
            package let value: String
        }

        /// All lines.
        package private(set) var fields: [Field] = []

        /// Lines as they are listed; a name may come twice.
        package init(dictionaryLiteral elements: (String, String)...) {
            for (name, value) in elements { add(name, value) }
        }

        /// The value of the first line of this name; to set it removes all others of the name.
        package subscript(name: String) -> String? {
            get {
                let name = name.lowercased()
                return fields.first { $0.name.lowercased() == name }?.value
            }
            set {
                let lowercased = name.lowercased()
                fields.removeAll { $0.name.lowercased() == lowercased }
                if let newValue { add(name, newValue) }
            }
        }

        /// Adds a line, whatever is there already.
        package mutating func add(_ name: String, _ value: String) {
            fields.append(Field(name: name, value: value))
        }

        /// Takes over lines, which remove those of the same names.
        mutating func replace(with others: Headers) {
            for field in others.fields { self[field.name] = nil }
            fields += others.fields
        }
    }
}
