import Foundation
import Synchronization

/// Standard output and standard error.
enum Console {
    /// Writes a line to standard output; what a server sent must be `Plain` already.
    ///
    /// - Throws: `ClosedPipe` if nobody reads any more.
    static func say(_ line: String) throws {
        try write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes an error to standard error.
    static func complain(_ message: String) {
        try? write("magpie: \(message)\n", to: STDERR_FILENO)
    }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The columns of the terminal; 80 where it does not say.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func write(_ text: String, to file: Int32) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw ClosedPipe() }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Nobody reads what is written any more; that is no failure.
struct ClosedPipe: Error {}
