import Foundation

/// What this machine lets a test do.
enum Machine {
    static let hasStrace = has("strace")
    static let isRoot = geteuid() == 0

    /// Whether a program is installed.
    static func has(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }
}
