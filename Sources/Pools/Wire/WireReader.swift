/// A place in the bytes of a message.
///
/// See `WireTag` for the format.
///
/// Nothing is believed: a worker may have been corrupted by what it worked on, so every length is checked
/// against the bytes that are there.
struct WireReader {
    let bytes: ArraySlice<UInt8>
    private(set) var place: Int

    var isAtEnd: Bool { place == bytes.endIndex }

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    mutating func raw<Number: FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(WireError) -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.endIndex - place >= size else { throw .truncated }
        defer { place += size }
        let offset = place - bytes.startIndex
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }

    mutating func tag() throws(WireError) -> WireTag {
        guard let tag = WireTag(rawValue: try raw(UInt8.self)) else { throw .malformed }
        return tag
    }

    /// The tag that comes next, without passing it.
    func peek() throws(WireError) -> WireTag {
        var reader = self
        return try reader.tag()
    }

    /// As many bytes as the length that comes next says.
    mutating func counted() throws(WireError) -> ArraySlice<UInt8> {
        try take(Int(raw(UInt32.self)))
    }

    /// A length and UTF-8, without a tag.
    mutating func key() throws(WireError) -> String {
        String(decoding: try counted(), as: UTF8.self)
    }

    /// The contents of an array or a map whose tag was passed, and how many values it says it has.
    mutating func container() throws(WireError) -> (contents: WireReader, count: Int) {
        let length = Int(try raw(UInt32.self))
        let count = Int(try raw(UInt32.self))
        return (WireReader(try take(length)), count)
    }

    /// Passes one value, whatever it is.
    mutating func skip() throws(WireError) {
        switch try tag() {
        case .null, .no, .yes: break
        case .signed, .unsigned, .double: _ = try take(8)
        case .byte: _ = try take(1)
        case .float: _ = try take(4)
        case .string, .bytes: _ = try counted()
        case .array, .map: _ = try container()
        }
    }

    private mutating func take(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard bytes.endIndex - place >= count else { throw .truncated }
        defer { place += count }
        return bytes[place..<place + count]
    }
}

/// Bytes that are no message.
enum WireError: Error {
    case truncated, malformed, tooDeep
}
