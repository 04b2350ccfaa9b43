#if os(Linux)
import Glibc
import TestSupport

/// A file system of a test's own, small enough to be filled.
final class SmallDisk: Sendable {
    /// Whether this process may mount one.
    static let isPossible: Bool = {
        let folder = TemporaryFolder()
        return (try? SmallDisk(at: folder.path, kilobytes: 64)) != nil
    }()

    private let path: String

    /// Mounts it on an empty folder.
    init(at path: String, kilobytes: Int) throws {
        self.path = path
        mkdir(path, 0o755)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw CannotMount(errno: errno)
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Gives it another size.
    func resize(kilobytes: Int) throws {
        try remount(0, "size=\(kilobytes)k")
    }

    /// Takes the right to write away from everybody, or gives it back.
    func set(readOnly: Bool) throws {
        try remount(readOnly ? UInt(MS_RDONLY) : 0, nil)
    }

    /// Fills it to the last byte with a file of this name.
    func fill(_ name: String = "filler") {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT, 0o644)
        defer { close(file) }
        let bytes = [UInt8](repeating: 1, count: 4096)
        while write(file, bytes, bytes.count) > 0 {}
    }

    private func remount(_ flags: UInt, _ options: String?) throws {
        guard mount(nil, path, nil, flags | UInt(MS_REMOUNT), options) == 0 else {
            throw CannotMount(errno: errno)
        }
    }

    struct CannotMount: Error {
        let errno: Int32
    }
}
#endif
