/// A JSON text (RFC 8259) as a list of its values, in the order in which they stand.
///
/// Numbers stay as they are written, so that none loses digits, and texts are decoded only when they are
/// asked for. A value is known by its place in the list; behind it stand the values in it.
struct JSONDocument {
    /// What stands at a place of the list.
    enum Kind: UInt8 {
        case null, `true`, `false`, number, string, array, object
        /// The name of an object's member; its value stands behind it.
        case name
    }

    /// One entry of the list, 16 bytes.
    struct Value {
        let kind: Kind
        /// Whether a text has escapes.
        var isEscaped = false
        /// Where a number or a text stands: without its quotes.
        let start: Int32
        var end: Int32
        /// The first place behind this value and all that is in it.
        var after: Int32
    }

    /// More nested values than real answers have (RFC 8259, section 9).
    static let depthMax = 500
    /// More values than real answers have; they take up 32 MB.
    static let valuesMax = 2_000_000

    private let text: UnsafeBufferPointer<UInt8>
    private let values: [Value]

    /// Reads a document and lends it to `use`.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without NUL and byte order mark.
    ///   - use: Gets the document, which must not be kept.
    /// - Returns: What `use` gives.
    /// - Throws: `ExtractionError` if it is no JSON or larger than any should be.
    static func parse<Result>(
        _ text: UnsafeBufferPointer<UInt8>,
        _ use: (JSONDocument) throws(ExtractionError) -> Result
    ) throws(ExtractionError) -> Result {
        guard text.count < Int32.max else { throw .notJSON(reason: "it is too long") }
        var parser = JSONParser(text)
        return try use(JSONDocument(text: text, values: try parser.readAll()))
    }

    /// The value that holds all others.
    static let root = 0

    func kind(_ place: Int) -> Kind { values[place].kind }

    /// The first place behind a value and all that is in it.
    func after(_ place: Int) -> Int { Int(values[place].after) }

    /// The values right in an array or object, in order.
    func children(of place: Int, _ visit: (Int) -> Void) {
        let isObject = kind(place) == .object
        guard isObject || kind(place) == .array else { return }
        var child = place + 1
        while child < after(place) {
            let value = isObject ? child + 1 : child
            visit(value)
            child = after(value)
        }
    }

    /// The value of the member of an object with a name in UTF-8; of several the last.
    ///
    /// What it took to look is added to `work`.
    func member(_ name: [UInt8], of place: Int, work: inout Int) -> Int? {
        guard kind(place) == .object else { return nil }
        var found: Int?
        var child = place + 1
        while child < after(place) {
            work += values[child].isEscaped ? weight(child) : 1
            if isName(child, name) { found = child + 1 }
            child = after(child + 1)
        }
        return found
    }

    /// What it takes to decode a text, in looks at a value.
    func weight(_ place: Int) -> Int { 1 + Int(values[place].end - values[place].start) / 8 }

    private func isName(_ place: Int, _ name: [UInt8]) -> Bool {
        if values[place].isEscaped { return string(place).utf8.elementsEqual(name) }
        let raw = raw(place)
        return raw.count == name.count && raw.elementsEqual(name)
    }

    /// A number or text as it is written.
    func raw(_ place: Int) -> UnsafeBufferPointer<UInt8> {
        let value = values[place]
        return UnsafeBufferPointer(rebasing: text[Int(value.start)..<Int(value.end)])
    }

    /// A text, decoded; half a surrogate pair becomes U+FFFD, and U+0000 is left out as in pages.
    func string(_ place: Int) -> String {
        let raw = raw(place)
        return values[place].isEscaped
            ? JSONEscapes.decoded(raw) : String(decoding: raw, as: UTF8.self)
    }

    /// What a value gives as text: a text itself, a number as it is written, `true` and `false`.
    ///
    /// - Returns: `nil` for null, arrays and objects.
    func text(_ place: Int) -> String? {
        switch kind(place) {
        case .string, .name: string(place)
        case .number: String(decoding: raw(place), as: UTF8.self)
        case .true: "true"
        case .false: "false"
        case .null, .array, .object: nil
        }
    }
}

/// Escapes in the texts of JSON (RFC 8259, section 7).
enum JSONEscapes {
    static func decoded(_ raw: UnsafeBufferPointer<UInt8>) -> String {
        var out = String.UnicodeScalarView()
        var rest = Substring(decoding: raw, as: UTF8.self).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let escape = rest.popFirst() else {
                out.append(scalar)
                continue
            }
            switch escape {
            case "b": out.append("\u{8}")
            case "f": out.append("\u{C}")
            case "n": out.append("\n")
            case "r": out.append("\r")
            case "t": out.append("\t")
            case "u":
                let unit = unit(&rest)
                if unit != 0 { out.append(Self.scalar(unit, &rest)) }
            default: out.append(escape)
            }
        }
        return String(out)
    }

    private static func unit(_ rest: inout Substring.UnicodeScalarView) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit = rest.popFirst().flatMap { Character($0).hexDigitValue } ?? 0
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The scalar of a unit of UTF-16, with the second half of its pair if it needs one.
    private static func scalar(
        _ unit: UInt32,
        _ rest: inout Substring.UnicodeScalarView
    ) -> Unicode.Scalar {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        var ahead = rest
        guard unit < 0xDC00, ahead.popFirst() == "\\", ahead.popFirst() == "u" else {
            return "\u{FFFD}"
        }
        let second = Self.unit(&ahead)
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        rest = ahead
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }
}

extension Substring {
    fileprivate init(decoding bytes: UnsafeBufferPointer<UInt8>, as _: UTF8.Type) {
        self = String(decoding: bytes, as: UTF8.self)[...]
    }
}
