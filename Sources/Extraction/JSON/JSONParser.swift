/// Reads a JSON text (RFC 8259) into the list of its values, without recursion.
struct JSONParser {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var values: [JSONDocument.Value] = []
    /// The places of the arrays and objects that are not closed yet.
    private var open: [Int] = []

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// All values of the text.
    ///
    /// - Throws: `ExtractionError.notJSON` with the byte at which it is none.
    mutating func readAll() throws(ExtractionError) -> [JSONDocument.Value] {
        skipBlanks()
        try readValue()
        while let place = open.last {
            skipBlanks()
            let isObject = values[place].kind == .object
            let close = UInt8(ascii: isObject ? "}" : "]")
            let isEmpty = values.count == place + 1
            if peek() == close {
                position += 1
                values[place].end = Int32(position)
                values[place].after = Int32(values.count)
                open.removeLast()
                continue
            }
            if !isEmpty {
                try take(UInt8(ascii: ","), or: isObject ? "a comma or '}'" : "a comma or ']'")
                skipBlanks()
            }
            if isObject {
                guard peek() == UInt8(ascii: "\"") else { throw problem("a name in quotes") }
                try readString(.name)
                skipBlanks()
                try take(UInt8(ascii: ":"), or: "a colon")
                skipBlanks()
            }
            try readValue()
        }
        skipBlanks()
        guard position == text.count else { throw problem("the end") }
        return values
    }

    private func peek() -> UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8, or expected: String) throws(ExtractionError) {
        guard peek() == byte else { throw problem(expected) }
        position += 1
    }

    private func problem(_ expected: String) -> ExtractionError {
        let end = min(text.count, position + 12)
        let found = String(decoding: text[min(position, end)..<end], as: UTF8.self)
        let what = found.isEmpty ? "it ends" : "stands '\(found)'"
        return .notJSON(reason: "at byte \(position) \(what) instead of \(expected)")
    }

    private mutating func add(_ kind: JSONDocument.Kind, from start: Int) throws(ExtractionError) {
        guard values.count < JSONDocument.valuesMax else {
            throw .notJSON(reason: "it has more than \(JSONDocument.valuesMax) values")
        }
        let after = Int32(values.count + 1)
        values.append(.init(kind: kind, start: Int32(start), end: Int32(position), after: after))
    }

    private mutating func readValue() throws(ExtractionError) {
        let start = position
        switch peek() {
        case UInt8(ascii: "{"): try begin(.object)
        case UInt8(ascii: "["): try begin(.array)
        case UInt8(ascii: "\""): try readString(.string)
        case UInt8(ascii: "t"): try readWord("true", .true)
        case UInt8(ascii: "f"): try readWord("false", .false)
        case UInt8(ascii: "n"): try readWord("null", .null)
        case UInt8(ascii: "-"), .some(0x30...0x39):
            try readNumber()
            try add(.number, from: start)
        default: throw problem("a value")
        }
    }

    private mutating func begin(_ kind: JSONDocument.Kind) throws(ExtractionError) {
        guard open.count < JSONDocument.depthMax else {
            throw .notJSON(reason: "it nests more than \(JSONDocument.depthMax) values")
        }
        open.append(values.count)
        position += 1
        try add(kind, from: position - 1)
    }

    private mutating func readWord(
        _ word: StaticString,
        _ kind: JSONDocument.Kind
    ) throws(ExtractionError) {
        let start = position
        let isThere = word.withUTF8Buffer { text[start...].starts(with: $0) }
        guard isThere else { throw problem("a value") }
        position += word.utf8CodeUnitCount
        try add(kind, from: start)
    }

    private mutating func readDigits() throws(ExtractionError) {
        let start = position
        while let byte = peek(), (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw problem("a digit") }
    }

    private mutating func readNumber() throws(ExtractionError) {
        if peek() == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") { position += 1 } else { try readDigits() }
        if peek() == UInt8(ascii: ".") {
            position += 1
            try readDigits()
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            try readDigits()
        }
    }

    /// Reads a text in quotes.
    ///
    /// Control characters in it are let pass, which servers write by mistake.
    private mutating func readString(_ kind: JSONDocument.Kind) throws(ExtractionError) {
        position += 1
        let start = position
        var isEscaped = false
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            position += 1
            guard byte == UInt8(ascii: "\\") else { continue }
            isEscaped = true
            try readEscape()
        }
        guard position < text.count else { throw problem("a closing quote") }
        try add(kind, from: start)
        values[values.count - 1].isEscaped = isEscaped
        position += 1
    }

    private mutating func readEscape() throws(ExtractionError) {
        guard let escape = peek(), "\"\\/bfnrtu".utf8.contains(escape) else {
            throw problem("an escape")
        }
        position += 1
        guard escape == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard let byte = peek(), Character(Unicode.Scalar(byte)).isHexDigit else {
                throw problem("four hexadecimal digits")
            }
            position += 1
        }
    }
}
