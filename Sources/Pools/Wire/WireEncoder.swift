/// Writes an `Encodable` value to a message.
///
/// One encoder writes one value: nothing, a single value, or the one container that the value asks for. It
/// writes straight to the message; only nested containers, which may be written to by turns, have their
/// own bytes until the end.
final class WireEncoder: Encoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    private let writer: WireWriter
    /// Where the container begins, once there is one.
    private var opened: Int?
    private var count = 0
    private var isEmpty = true
    private var nested: [(encoder: WireEncoder, place: Int)] = []

    private init(_ writer: WireWriter) { self.writer = writer }

    /// Writes a value, whole.
    static func write<Value: Encodable>(_ value: Value, to writer: WireWriter) throws {
        if writeDirectly(value, to: writer) { return }
        let encoder = WireEncoder(writer)
        try value.encode(to: encoder)
        encoder.finish()
    }

    /// Writes values one after the other; integers, the most frequent, without a look at the type of each.
    static func writeAll<Value: Encodable>(_ values: [Value], to writer: WireWriter) throws {
        if Value.self == Int.self {
            for number in unsafeBitCast(values, to: [Int].self) { writer.signed(Int64(number)) }
        } else {
            for value in values { try write(value, to: writer) }
        }
    }

    /// Writes a value that has a tag of its own.
    ///
    /// The types are compared, not cast: a cast costs more than the writing, and an array asks anew
    /// for each element.
    private static func writeDirectly<Value: Encodable>(
        _ value: Value,
        to writer: WireWriter
    ) -> Bool {
        func own<Own>(_: Own.Type) -> Own? {
            Value.self == Own.self ? unsafeBitCast(value, to: Own.self) : nil
        }
        if let value = own(Int.self) {
            writer.signed(Int64(value))
        } else if let value = own(String.self) {
            writer.string(value)
        } else if let value = own(Double.self) {
            writer.double(value)
        } else if let value = own(Bool.self) {
            writer.tag(value ? .yes : .no)
        } else if let value = own([UInt8].self) {
            writer.bytes(value)
        } else if let value = own(UInt8.self) {
            writer.byte(value)
        } else if let value = own(UInt16.self) {
            writer.unsigned(UInt64(value))
        } else if let value = own(UInt32.self) {
            writer.unsigned(UInt64(value))
        } else if let value = own(UInt64.self) {
            writer.unsigned(value)
        } else if let value = own(UInt.self) {
            writer.unsigned(UInt64(value))
        } else if let value = own(Int8.self) {
            writer.signed(Int64(value))
        } else if let value = own(Int16.self) {
            writer.signed(Int64(value))
        } else if let value = own(Int32.self) {
            writer.signed(Int64(value))
        } else if let value = own(Int64.self) {
            writer.signed(value)
        } else if let value = own(Float.self) {
            writer.float(value)
        } else {
            return false
        }
        return true
    }

    /// Completes the container: a value that wrote nothing is null, as an empty enum's raw value may be.
    private func finish() {
        guard let opened else {
            if isEmpty { writer.tag(.null) }
            return
        }
        for (encoder, place) in nested.reversed() {
            encoder.finish()
            writer.insert(encoder.writer, at: place)
        }
        writer.close(opened, count: count)
    }

    private func open(_ container: WireTag) {
        isEmpty = false
        if opened == nil { opened = writer.open(container) }
    }

    /// An encoder for the next value of the container, written to by turns with others.
    private func nest() -> WireEncoder {
        let encoder = WireEncoder(WireWriter())
        nested.append((encoder, writer.bytes.count))
        count += 1
        return encoder
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open(.map)
        return KeyedEncodingContainer(Keyed(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open(.array)
        return Unkeyed(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }
}

extension WireEncoder {
    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let encoder: WireEncoder
        var codingPath: [any CodingKey] { encoder.codingPath }

        func encodeNil(forKey key: Key) {
            begin(key)
            encoder.writer.tag(.null)
        }

        func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
            begin(key)
            try WireEncoder.write(value, to: encoder.writer)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            nest(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            nest(key).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { nest("super") }

        func superEncoder(forKey key: Key) -> any Encoder { nest(key) }

        private func begin(_ key: Key) {
            encoder.writer.key(key.stringValue)
            encoder.count += 1
        }

        private func nest(_ key: Key) -> WireEncoder { nest(key.stringValue) }

        private func nest(_ key: String) -> WireEncoder {
            encoder.writer.key(key)
            return encoder.nest()
        }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let encoder: WireEncoder
        var codingPath: [any CodingKey] { encoder.codingPath }
        var count: Int { encoder.count }

        func encodeNil() {
            encoder.count += 1
            encoder.writer.tag(.null)
        }

        func encode<Value: Encodable>(_ value: Value) throws {
            encoder.count += 1
            try WireEncoder.write(value, to: encoder.writer)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) -> KeyedEncodingContainer<Nested> {
            encoder.nest().container(keyedBy: type)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            encoder.nest().unkeyedContainer()
        }

        func superEncoder() -> any Encoder { encoder.nest() }
    }

    private struct Single: SingleValueEncodingContainer {
        let encoder: WireEncoder
        var codingPath: [any CodingKey] { encoder.codingPath }

        func encodeNil() {
            encoder.isEmpty = false
            encoder.writer.tag(.null)
        }

        func encode<Value: Encodable>(_ value: Value) throws {
            encoder.isEmpty = false
            try WireEncoder.write(value, to: encoder.writer)
        }
    }
}
