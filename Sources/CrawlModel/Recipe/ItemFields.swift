import Foundation

/// The further fields of an item, by name; those without a text are left out.
package struct ItemFields: Equatable, Sendable {
    /// What a field holds.
    package enum Value: Equatable, Sendable {
        /// One text.
        case text(String)
        /// Several, in the order of the page.
        case list([String])
    }

    private var values: [String: Value] = [:]

    /// No fields.
    package init() {}

    /// Whether there are none.
    package var isEmpty: Bool { values.isEmpty }

    /// The names, sorted.
    package var names: [String] { values.keys.sorted() }

    /// The text of a field, a list's joined by commas; `nil` if there is none.
    package subscript(name: String) -> String? {
        switch values[name] {
        case nil: nil
        case .text(let text): text
        case .list(let texts): texts.joined(separator: ", ")
        }
    }

    /// The texts of a field, one by one.
    package func texts(_ name: String) -> [String] {
        switch values[name] {
        case nil: []
        case .text(let text): [text]
        case .list(let texts): texts
        }
    }

    /// Sets a field; one of no text is taken away.
    package mutating func set(_ name: String, _ value: Value) {
        switch value {
        case .text(let text): values[name] = text.isEmpty ? nil : value
        case .list(let texts): values[name] = texts.isEmpty ? nil : value
        }
    }

    /// These fields, and those of `others` that are not among them.
    package func adding(_ others: ItemFields) -> ItemFields {
        if others.isEmpty { return self }
        var all = self
        all.values.merge(others.values) { mine, _ in mine }
        return all
    }

    /// The fields as a JSON object in the order of their names; `nil` if there are none.
    package var json: String? {
        guard !values.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads what `json` wrote; what is none of it gives no fields.
    package init(json: String?) {
        guard let json else { return }
        values = (try? JSONDecoder().decode([String: Value].self, from: Data(json.utf8))) ?? [:]
    }
}

extension ItemFields.Value: Codable {
    /// A text or a list of texts.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .list(try container.decode([String].self))
        }
    }

    /// A text or a list of texts.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .list(let texts): try container.encode(texts)
        }
    }
}
