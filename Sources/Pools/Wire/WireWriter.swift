/// The bytes of a message as they are written.
///
/// See `WireTag` for the format.
final class WireWriter {
    private(set) var bytes: [UInt8]

    /// An empty message.
    ///
    /// - Parameter reserved: Zero bytes to leave in front, for a frame's length.
    init(reserved: Int = 0) { bytes = Array(repeating: 0, count: reserved) }

    func tag(_ tag: WireTag) { bytes.append(tag.rawValue) }

    func raw<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    func signed(_ number: Int64) {
        tag(.signed)
        raw(number)
    }

    func byte(_ number: UInt8) {
        tag(.byte)
        bytes.append(number)
    }

    func unsigned(_ number: UInt64) {
        tag(.unsigned)
        raw(number)
    }

    func double(_ number: Double) {
        tag(.double)
        raw(number.bitPattern)
    }

    func float(_ number: Float) {
        tag(.float)
        raw(number.bitPattern)
    }

    func string(_ text: String) {
        tag(.string)
        key(text)
    }

    /// A length and UTF-8, without a tag.
    func key(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            raw(UInt32(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    func bytes(_ content: some Collection<UInt8>) {
        tag(.bytes)
        raw(UInt32(content.count))
        bytes.append(contentsOf: content)
    }

    /// Begins an array or a map whose length and count are not known yet; gives its place.
    func open(_ container: WireTag) -> Int {
        tag(container)
        raw(UInt64(0))
        return bytes.count
    }

    /// Writes the length and the count of the container that was opened at `place`.
    func close(_ place: Int, count: Int) {
        patch(UInt32(bytes.count - place), at: place - 8)
        patch(UInt32(count), at: place - 4)
    }

    /// Replaces four bytes that were written before.
    func patch(_ number: UInt32, at place: Int) {
        withUnsafeBytes(of: number.littleEndian) {
            bytes.replaceSubrange(place..<place + 4, with: $0)
        }
    }

    /// Inserts what another writer has written.
    func insert(_ other: WireWriter, at place: Int) {
        bytes.insert(contentsOf: other.bytes, at: place)
    }
}
