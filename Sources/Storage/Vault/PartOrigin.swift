import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whose body an unfinished file holds: all that is needed to ask for the rest of it.
///
/// It lies beside the part as `17.origin`, written when the part has got large enough to be worth it, and
/// removed before the part is begun anew. So a part that has one holds bytes of this body and of no other.
package struct PartOrigin: Codable, Equatable, Sendable {
    /// The address that was asked for: ids of forgotten tasks are used again.
    package let asked: String
    /// The address that answered, after all redirects.
    package let answered: String
    /// The strong validator of the body, as the server sent it.
    package let validator: String
    /// The length of the whole body; `nil` if the server did not say.
    package let length: Int?

    /// An origin of its parts.
    package init(asked: String, answered: String, validator: String, length: Int?) {
        self.asked = asked
        self.answered = answered
        self.validator = validator
        self.length = length
    }

    /// Longer ones are none: addresses and validators have limits of their own.
    private static let bytesMax = 200_000

    static func name(ofPart id: Int64) -> String { "\(id).origin" }

    /// Reads the origin of a part; `nil` if there is none, or not a whole one.
    static func read(_ id: Int64, in parts: Int32) -> PartOrigin? {
        let file = openat(parts, name(ofPart: id), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = systemRead(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(PartOrigin.self, from: Data(bytes.prefix(count)))
    }

    /// Writes the origin of a part; `false`, with `errno`, if that can't be done.
    func write(_ id: Int64, in parts: Int32) -> Bool {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        guard let bytes = try? JSONEncoder().encode(self) else { return false }
        let file = openat(parts, Self.name(ofPart: id), flags, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let count = bytes.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
        if count >= 0, count < bytes.count { errno = ENOSPC }
        return count == bytes.count
    }
}

/// `write(2)`, under a name that a type with a `write` of its own can call.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(file, bytes, count)
}

/// `read(2)`, likewise.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, bytes, count)
}
