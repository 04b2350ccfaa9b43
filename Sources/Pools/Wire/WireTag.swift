/// The wire format: one tag byte before each value, numbers in little-endian order.
///
/// Both ends are the same program, so it needs neither versions nor portability, only to be quick: a
/// message of one integer takes a tenth of what Foundation's JSON coder needs, and a worker that does
/// not load Foundation starts in half the time.
///
/// | tag | followed by |
/// |---|---|
/// | null, no, yes | nothing |
/// | byte | 1 byte |
/// | signed, unsigned | 8 bytes |
/// | double, float | 8, 4 bytes |
/// | string, bytes | 4 bytes of length, then as many bytes |
/// | array | 4 bytes of length, 4 bytes of count, then the values |
/// | map | the same, each value preceded by its key: 4 bytes of length and UTF-8 |
///
/// The length of an array or map counts what follows its count.
enum WireTag: UInt8 {
    case null, no, yes, byte, signed, unsigned, double, float, string, bytes, array, map
}
