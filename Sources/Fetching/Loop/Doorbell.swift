#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A pipe to oneself: ringing makes its descriptor readable.
final class Doorbell: Sendable {
    /// What to watch.
    let descriptor: Int32
    private let button: Int32

    /// - Throws: `FetchError.systemRefused` if there are no descriptors left.
    init() throws(FetchError) {
        var ends: [Int32] = [-1, -1]
        var code = pipe(&ends)
        for end in ends where code == 0 {
            code = fcntl(end, F_SETFD, FD_CLOEXEC) | fcntl(end, F_SETFL, O_NONBLOCK)
        }
        guard code == 0 else { throw .systemRefused(doing: "a pipe", errno: errno) }
        (descriptor, button) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(button)
    }

    /// Makes the descriptor readable.
    ///
    /// A full pipe is no error: it is readable already.
    func ring() {
        var byte: UInt8 = 1
        _ = write(button, &byte, 1)
    }

    /// Takes all rings back.
    func silence() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
            while read(descriptor, bytes.baseAddress, bytes.count) == bytes.count {}
        }
    }
}
