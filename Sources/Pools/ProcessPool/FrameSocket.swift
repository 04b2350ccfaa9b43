import CPools

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One end of the connection between a pool and a worker: messages, each preceded by its length.
///
/// A frame is four bytes of length in little-endian order and as many bytes of message; an empty one asks
/// the worker to end. One thread at a time uses it.
final class FrameSocket {
    enum Reception {
        case message([UInt8])
        /// The other end is gone, or what it sends is no frame.
        case gone
        /// The other end is gone, and had not read all that was sent to it.
        case unread
        /// Nothing came for as long as the socket is patient.
        case quiet
    }

    /// Bytes of the longest message.
    ///
    /// What is larger goes better by way of a file.
    static var maximum: Int { 64 << 20 }
    /// Bytes to reserve in front of a message.
    static var headerSize: Int { 4 }

    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var filled = 0..<0

    /// Takes over the descriptor of a stream socket.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Sends a message.
    ///
    /// - Parameter frame: Four bytes of any content, then the message of at most `maximum` bytes.
    /// - Returns: Whether the other end was there to the last byte.
    func send(_ frame: WireWriter) -> Bool {
        frame.patch(UInt32(frame.bytes.count - Self.headerSize), at: 0)
        return frame.bytes.withUnsafeBytes {
            pools_send(descriptor, $0.baseAddress, $0.count) == 0
        }
    }

    /// Receives a message, whole.
    ///
    /// - Parameter goesOn: Asked each time the socket's patience runs out.
    /// - Returns: The message; `quiet` if `goesOn` said no.
    func receive(while goesOn: () -> Bool = { true }) -> Reception {
        while filled.count < Self.headerSize {
            if let end = fill(goesOn) { return end }
        }
        let length = Int(
            take(Self.headerSize).enumerated().reduce(UInt32(0)) { sum, byte in
                sum | UInt32(byte.element) << (8 * byte.offset)
            }
        )
        guard length <= Self.maximum else { return .gone }
        if length <= filled.count { return .message(Array(take(length))) }
        return receive(length, goesOn)
    }

    /// Receives a message that is not yet in the buffer as a whole.
    private func receive(_ length: Int, _ goesOn: () -> Bool) -> Reception {
        var message = [UInt8](repeating: 0, count: length)
        let start = take(filled.count)
        message.replaceSubrange(0..<start.count, with: start)
        var received = start.count
        while received < length {
            let count = message.withUnsafeMutableBytes {
                pools_receive(descriptor, $0.baseAddress?.advanced(by: received), length - received)
            }
            if count > 0 { received += count } else if let end = end(count, goesOn) { return end }
        }
        return .message(message)
    }

    private func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { filled = filled.lowerBound + count..<filled.upperBound }
        return buffer[filled.lowerBound..<filled.lowerBound + count]
    }

    /// Reads what is there into the buffer; `nil` if something was.
    private func fill(_ goesOn: () -> Bool) -> Reception? {
        buffer.replaceSubrange(0..<filled.count, with: Array(buffer[filled]))
        filled = 0..<filled.count
        let count = buffer.withUnsafeMutableBytes { [filled] bytes in
            pools_receive(
                descriptor,
                bytes.baseAddress?.advanced(by: filled.count),
                bytes.count - filled.count
            )
        }
        guard count <= 0 else {
            filled = 0..<filled.count + count
            return nil
        }
        return end(count, goesOn)
    }

    private func end(_ count: Int, _ goesOn: () -> Bool) -> Reception? {
        switch count {
        case pools_quiet: goesOn() ? nil : .quiet
        case pools_unread: .unread
        default: .gone
        }
    }
}
