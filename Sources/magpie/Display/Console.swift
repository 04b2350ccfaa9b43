import Foundation
import Synchronization

/// Standard output and standard error.
enum Console {
    /// Writes a line to standard output; what a server sent must be `Plain` already.
    ///
    /// - Throws: `ClosedPipe` if nobody reads any more, `OutputFailure` if it can't be written.
    static func say(_ line: String) throws {
        try write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes an error to standard error, whatever text of a site is in it.
    static func complain(_ message: String) {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map {
            Plain.text(String($0))
        }
        try? LiveBlock.standard.erase()
        try? write("magpie: \(lines.joined(separator: "\n"))\n", to: STDERR_FILENO)
    }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard output is a terminal whose cursor can be moved.
    static var isLive: Bool { isTerminal && variable("TERM") != "dumb" }

    /// Whether to write in colours (https://no-color.org).
    static var hasColours: Bool { isLive && (variable("NO_COLOR") ?? "").isEmpty }

    /// Whether the user's locale has more than ASCII.
    static var isUnicode: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
        let name = locale?.lowercased() ?? ""
        return name.contains("utf-8") || name.contains("utf8")
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }

    /// The columns and rows of the terminal; 80 and 24 where it does not say.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    static func write(_ text: String, to file: Int32) throws {
        try write(Array(text.utf8), to: file)
    }

    /// Writes bytes as they are.
    ///
    /// - Throws: `ClosedPipe` if nobody reads any more, `OutputFailure` if it can't be written.
    static func write(_ bytes: [UInt8], to file: Int32) throws {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                let number = errno
                guard number != EPIPE else { throw ClosedPipe() }
                guard number == EINTR || number == EAGAIN else {
                    throw OutputFailure(errno: number)
                }
                var ready = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
                if number == EAGAIN { poll(&ready, 1, -1) }
                continue
            }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Nobody reads what is written any more; that is no failure.
struct ClosedPipe: Error {}

/// What was to be written is lost: the disk is full, say.
struct OutputFailure: Error, CustomStringConvertible {
    let errno: Int32

    var description: String {
        "the output can't be written (\(String(cString: strerror(errno)))): free some room, or write it "
            + "elsewhere"
    }
}
