import Foundation

/// The system calls of a program that change or sync files, as strace wrote them down.
struct PowerCutTrace {
    /// One call that succeeded.
    struct Call {
        let name: Substring
        /// As strace writes them, strings in hexadecimal.
        let arguments: [Substring]
        let result: Int
        /// The line with its beginning: nothing of it was done before.
        let start: Int
        /// The line with its end: all of it was done then.
        let end: Int
    }

    /// In the order of their ends.
    private(set) var calls: [Call] = []
    private var lines = 0

    /// What strace is told, with the program and its arguments to follow.
    static func arguments(writingTo file: String) -> [String] {
        let names = [
            "openat", "write", "pwrite64", "pwritev", "writev", "fsync", "fdatasync", "syncfs",
            "rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate", "truncate",
            "mkdir", "mkdirat", "fallocate", "link", "linkat", "sync_file_range",
        ]
        let filter = "trace=\(names.joined(separator: ","))"
        return ["-f", "-y", "-xx", "-s", "1000000", "-e", filter, "-o", file]
    }

    /// Adds what happened in a further process, after all that is there already.
    mutating func append(contentsOf file: String) throws {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        var unfinished: [Substring: (text: Substring, start: Int)] = [:]
        for line in text.split(separator: "\n") {
            lines += 1
            guard let space = line.firstIndex(of: " ") else { continue }
            let process = line[..<space]
            let rest = line[space...].drop { $0 == " " }
            if rest.hasSuffix(" <unfinished ...>") {
                unfinished[process] = (rest.dropLast(" <unfinished ...>".count), lines)
            } else if rest.hasPrefix("<... ") {
                guard let begun = unfinished.removeValue(forKey: process),
                    let mark = rest.range(of: " resumed>")
                else { continue }
                add(begun.text + rest[mark.upperBound...], from: begun.start)
            } else {
                add(rest, from: lines)
            }
        }
        // What never ended was cut off by the kill: it may have been done.
        for (text, start) in unfinished.values { add(text + ") = 0", from: start) }
    }

    private mutating func add(_ text: Substring, from start: Int) {
        guard let open = text.firstIndex(of: "("),
            let close = text.range(of: ") ", options: .backwards)?.lowerBound,
            let equals = text.range(of: "= ", options: .backwards),
            let result = Int(text[equals.upperBound...].prefix { $0.isNumber || $0 == "-" }),
            result >= 0
        else { return }
        calls.append(
            Call(
                name: text[..<open],
                arguments: text[text.index(after: open)..<close].split(separator: ", ")
                    .map { $0.drop { $0 == " " } },
                result: result,
                start: start,
                end: lines
            )
        )
    }

    /// The bytes of a string: `"\x61\x62"` is `ab`, and so is the path in `7<\x61\x62>`.
    static func bytes(_ argument: Substring) -> [UInt8] {
        var argument = argument
        return argument.withUTF8 { text in
            func digit(_ index: Int) -> UInt8 {
                text[index] <= UInt8(ascii: "9") ? text[index] & 15 : (text[index] & 15) + 9
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 4)
            var index = 0
            while index + 3 < text.count {
                if text[index] == UInt8(ascii: "\\") {
                    bytes.append(digit(index + 2) << 4 | digit(index + 3))
                    index += 4
                } else {
                    index += 1
                }
            }
            return bytes
        }
    }

    static func text(_ argument: Substring) -> String {
        String(decoding: bytes(argument), as: UTF8.self)
    }
}
