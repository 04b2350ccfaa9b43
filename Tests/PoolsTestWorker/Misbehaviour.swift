#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a worker does wrong before it greets its pool: the name by which its program is called tells.
package enum Misbehaviour: String {
    /// Creates the file `started` beside its program and never gets ready.
    case neverReady
    /// Kills itself in its first two lives, which it counts in the file `lives` beside its program.
    case killedTwice

    static func begin(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, let kind = Self(rawValue: String(name)) else { return }
        let folder = parts.dropLast().joined(separator: "/")
        // Should everyone forget it.
        alarm(60)
        switch kind {
        case .neverReady:
            _ = append("\(folder)/started")
            while true { pause() }
        case .killedTwice:
            if append("\(folder)/lives") <= 2 { kill(getpid(), SIGKILL) }
        }
    }

    /// Makes a file longer by one byte, and gives its length.
    private static func append(_ path: String) -> Int {
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer { close(file) }
        write(file, "x", 1)
        return Int(lseek(file, 0, SEEK_END))
    }
}
