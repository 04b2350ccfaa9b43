/// Makes texts of a page ready to be stored.
enum PageText {
    /// An address: without the blanks around it, which browsers ignore.
    static func address(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last,
            first.isBlank || last.isBlank
        else { return text }
        let bytes = text.utf8.drop { $0.isBlank }
        let end = bytes.lastIndex { !$0.isBlank } ?? bytes.startIndex
        return bytes.isEmpty ? "" : String(text[bytes.startIndex...end])
    }

    /// A caption: without blanks around it, and without the newlines and tabs of the page's source.
    static func caption(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last else { return text }
        let isAsItShouldBe =
            !first.properties.isWhitespace && !last.properties.isWhitespace
            && !text.utf8.contains { $0.isBlank && $0 != 0x20 }
        if isAsItShouldBe { return text }

        var result = String.UnicodeScalarView()
        var blanks = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar.properties.isWhitespace {
                blanks.append(scalar)
                continue
            }
            if !result.isEmpty {
                let isLayout = blanks.contains { $0.value < 0x20 }
                result += isLayout ? " ".unicodeScalars : blanks
            }
            blanks.removeAll(keepingCapacity: true)
            result.append(scalar)
        }
        return String(result)
    }

    /// Whether `<base` stands anywhere on a page, in letters of any case.
    static func mayHaveBase(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let tag = Array("<base".utf8)
        var rest = text[...]
        while let start = rest.firstIndex(of: tag[0]) {
            rest = rest[start...]
            let isTag =
                rest.count >= tag.count
                && zip(rest, tag).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
            if isTag { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
