/// Reads a `Decodable` value from a message.
struct WireDecoder: Decoder {
    let codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Where the value begins.
    private let reader: WireReader
    private let depth: Int

    /// How deep values may lie within one another; each level takes some stack.
    private static var deepest: Int { 512 }

    private init(_ reader: WireReader, depth: Int) {
        self.reader = reader
        self.depth = depth
    }

    /// Reads one value and passes it.
    ///
    /// - Throws: `WireError` if the bytes are no message, or what the value itself throws.
    static func read<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from reader: inout WireReader,
        depth: Int = 0
    ) throws -> Value {
        if let value = try readDirectly(type, from: &reader) { return value }
        guard depth < deepest else { throw WireError.tooDeep }
        let value = try Value(from: WireDecoder(reader, depth: depth + 1))
        try reader.skip()
        return value
    }

    /// Reads as many values as were written by `WireEncoder.writeAll`.
    ///
    /// - Throws: As `read`.
    static func readAll<Value: Decodable>(
        _ count: Int,
        from reader: inout WireReader
    ) throws -> [Value] {
        if Value.self == Int.self {
            var numbers: [Int] = []
            for _ in 0..<count { numbers.append(try integer(&reader)) }
            return unsafeBitCast(numbers, to: [Value].self)
        }
        var values: [Value] = []
        for _ in 0..<count { values.append(try read(from: &reader)) }
        return values
    }

    /// Reads a value that has a tag of its own; the counterpart of the encoder's function.
    private static func readDirectly<Value: Decodable>(
        _ type: Value.Type,
        from reader: inout WireReader
    ) throws -> Value? {
        func own<Own>(_ own: Own) -> Value { unsafeBitCast(own, to: Value.self) }
        if type == Int.self { return own(try integer(&reader) as Int) }
        if type == String.self { return own(try string(&reader)) }
        if type == Double.self { return own(try double(&reader)) }
        if type == Bool.self { return own(try bool(&reader)) }
        if type == [UInt8].self { return own(try bytes(&reader)) }
        if type == UInt8.self { return own(try integer(&reader) as UInt8) }
        if type == UInt16.self { return own(try integer(&reader) as UInt16) }
        if type == UInt32.self { return own(try integer(&reader) as UInt32) }
        if type == UInt64.self { return own(try integer(&reader) as UInt64) }
        if type == UInt.self { return own(try integer(&reader) as UInt) }
        if type == Int8.self { return own(try integer(&reader) as Int8) }
        if type == Int16.self { return own(try integer(&reader) as Int16) }
        if type == Int32.self { return own(try integer(&reader) as Int32) }
        if type == Int64.self { return own(try integer(&reader) as Int64) }
        if type == Float.self { return own(try float(&reader)) }
        return nil
    }

    private static func integer<Number: FixedWidthInteger>(
        _ reader: inout WireReader
    ) throws -> Number {
        let number: Number?
        switch try reader.tag() {
        case .signed: number = Number(exactly: try reader.raw(Int64.self))
        case .byte: number = Number(exactly: try reader.raw(UInt8.self))
        case .unsigned: number = Number(exactly: try reader.raw(UInt64.self))
        default: number = nil
        }
        guard let number else { throw mismatch(Number.self) }
        return number
    }

    private static func string(_ reader: inout WireReader) throws -> String {
        guard try reader.tag() == .string else { throw mismatch(String.self) }
        return try reader.key()
    }

    private static func double(_ reader: inout WireReader) throws -> Double {
        guard try reader.tag() == .double else { throw mismatch(Double.self) }
        return Double(bitPattern: try reader.raw())
    }

    private static func float(_ reader: inout WireReader) throws -> Float {
        guard try reader.tag() == .float else { throw mismatch(Float.self) }
        return Float(bitPattern: try reader.raw())
    }

    private static func bool(_ reader: inout WireReader) throws -> Bool {
        switch try reader.tag() {
        case .yes: true
        case .no: false
        default: throw mismatch(Bool.self)
        }
    }

    private static func bytes(_ reader: inout WireReader) throws -> [UInt8] {
        guard try reader.tag() == .bytes else { throw mismatch([UInt8].self) }
        return Array(try reader.counted())
    }

    fileprivate static func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(
            type,
            DecodingError.Context(
                codingPath: [],
                debugDescription: "the message holds something else; "
                    + "do pool and worker run the same program?"
            )
        )
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        var reader = reader
        guard try reader.tag() == .map else { throw Self.mismatch([String: Any].self) }
        var (contents, _) = try reader.container()
        var places: [String: WireReader] = [:]
        while !contents.isAtEnd {
            let key = try contents.key()
            places[key] = contents
            try contents.skip()
        }
        return KeyedDecodingContainer(Keyed(places: places, depth: depth))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        var reader = reader
        guard try reader.tag() == .array else { throw Self.mismatch([Any].self) }
        let (contents, count) = try reader.container()
        return Unkeyed(contents: contents, total: count, depth: depth)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension WireDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { (try? reader.peek()) == .null }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        var reader = reader
        return try Self.read(from: &reader, depth: depth)
    }
}

extension WireDecoder {
    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let codingPath: [any CodingKey] = []
        /// Where the value of each key begins.
        let places: [String: WireReader]
        let depth: Int

        var allKeys: [Key] { places.keys.compactMap(Key.init(stringValue:)) }

        func contains(_ key: Key) -> Bool { places[key.stringValue] != nil }

        func decodeNil(forKey key: Key) throws -> Bool { try place(key).peek() == .null }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            var reader = try place(key)
            return try WireDecoder.read(from: &reader, depth: depth)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try superDecoder(forKey: key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try superDecoder(forKey: key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder {
            WireDecoder(places["super"] ?? WireReader([WireTag.null.rawValue]), depth: depth)
        }

        func superDecoder(forKey key: Key) throws -> any Decoder {
            WireDecoder(try place(key), depth: depth)
        }

        private func place(_ key: Key) throws -> WireReader {
            if let place = places[key.stringValue] { return place }
            throw DecodingError.keyNotFound(
                key,
                DecodingError.Context(
                    codingPath: [],
                    debugDescription: "the message has no such key"
                )
            )
        }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let codingPath: [any CodingKey] = []
        var contents: WireReader
        let total: Int
        let depth: Int
        private(set) var currentIndex = 0

        init(contents: WireReader, total: Int, depth: Int) {
            self.contents = contents
            self.total = total
            self.depth = depth
        }

        var count: Int? { total }
        var isAtEnd: Bool { currentIndex >= total }

        mutating func decodeNil() throws -> Bool {
            guard try contents.peek() == .null else { return false }
            try contents.skip()
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let value = try WireDecoder.read(type, from: &contents, depth: depth)
            currentIndex += 1
            return value
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try superDecoder().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try superDecoder().unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder {
            let decoder = WireDecoder(contents, depth: depth)
            try contents.skip()
            currentIndex += 1
            return decoder
        }
    }
}
