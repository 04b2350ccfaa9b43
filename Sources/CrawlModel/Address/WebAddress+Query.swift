extension WebAddress {
    /// A text with everything percent-encoded that may mean something in an address.
    package static func encoded(_ text: String) -> String { PercentEncoding.encodeAll(text) }

    /// Whether the query has a parameter.
    package func has(parameter name: String) -> Bool {
        parameters.contains { Self.name(of: $0) == name }
    }

    /// The address with a whole number added to a parameter of its query; one that is not there, or is no
    /// number, counts as 0.
    package func adding(_ step: Int, to name: String) -> WebAddress? {
        var parameters = parameters
        let index = parameters.firstIndex { Self.name(of: $0) == name } ?? parameters.endIndex
        let old = index < parameters.endIndex ? parameters.remove(at: index) : ""
        let number = Int(old.drop { $0 != "=" }.dropFirst()) ?? 0
        let (sum, overflow) = number.addingReportingOverflow(step)
        guard !overflow else { return nil }
        parameters.insert("\(Self.encoded(name))=\(sum)", at: index)
        return try? WebAddress(origin + path + "?" + parameters.joined(separator: "&"))
    }

    private var parameters: [Substring] { query?.split(separator: "&") ?? [] }

    private static func name(of parameter: Substring) -> String {
        decoded(String(parameter.prefix { $0 != "=" }))
    }
}
