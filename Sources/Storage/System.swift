#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Facts about the machine that systems tell in different ways.
enum System {
    /// Names this start of the machine.
    ///
    /// As long as it is the same, what was written is in memory still, synced or not. `unknown` where the system does not say.
    static func bootName() -> String {
        #if os(Linux)
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "unknown" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 36)
        let count = read(file, &bytes, bytes.count)
        return count == 36 ? String(decoding: bytes, as: UTF8.self) : "unknown"
        #else
        var bytes = [CChar](repeating: 0, count: 64)
        var count = bytes.count
        guard sysctlbyname("kern.bootsessionuuid", &bytes, &count, nil, 0) == 0 else {
            return "unknown"
        }
        return String(cString: bytes)
        #endif
    }

    /// The text for an `errno`.
    static func message(_ number: Int32) -> String { String(cString: strerror(number)) }
}
