import Foundation

/// Reads CSV record by record (RFC 4180, section 2), or plain lines; with any ends of lines.
///
/// Memory does not grow with the file.
final class CSVReader {
    private let name: String
    private let file: UnsafeMutablePointer<FILE>
    /// Whether commas separate cells; without it each line is one.
    private let separates: Bool
    private var line = 1
    private var recordLine = 1

    /// What a record may have in all, so that a file of another kind does not fill the memory.
    private static let recordBytesMax = 1 << 20

    /// Opens a file.
    ///
    /// - Throws: `FileProblem` if it can't be read.
    init(_ name: String, separates: Bool) throws {
        guard let file = fopen(name, "r") else {
            let reason = String(cString: strerror(errno))
            throw FileProblem(description: "the list '\(name)' can't be read: \(reason)")
        }
        self.name = name
        self.file = file
        self.separates = separates
        // A byte order mark is no part of the first cell.
        let start = (0..<3).map { _ in getc(file) }
        if start != [0xEF, 0xBB, 0xBF] { rewind(file) }
    }

    deinit { fclose(file) }

    /// The cells of the next record; `nil` behind the last.
    ///
    /// Empty lines are left out.
    ///
    /// - Throws: `FileProblem` with the line, if it is no CSV.
    func next() throws -> [String]? {
        while true {
            recordLine = line
            guard let cells = try record() else { return nil }
            if cells != [""] { return cells }
        }
    }

    /// A problem on the line where the last record began.
    func problem(_ what: String) -> FileProblem {
        FileProblem(description: "\(name):\(recordLine): \(what)")
    }

    private func record() throws -> [String]? {
        var cells: [String] = []
        var cell: [UInt8] = []
        var size = 0
        var isQuoted = false
        var byte = getc(file)
        if byte == EOF { return nil }
        while byte != EOF {
            size += 1
            guard size <= Self.recordBytesMax else {
                throw problem("it has no end: is this a list?")
            }
            let character = UInt8(truncatingIfNeeded: byte)
            if character == UInt8(ascii: "\n") { line += 1 }
            switch character {
            case UInt8(ascii: "\"") where isQuoted && !takes("\""): isQuoted = false
            case _ where isQuoted: cell.append(character)
            case UInt8(ascii: "\"") where separates && cell.isEmpty: isQuoted = true
            case UInt8(ascii: ",") where separates:
                cells.append(try text(cell))
                cell = []
            case UInt8(ascii: "\r") where takes("\n"):
                line += 1
                return cells + [try text(cell)]
            case UInt8(ascii: "\n"): return cells + [try text(cell)]
            default: cell.append(character)
            }
            byte = getc(file)
        }
        guard !isQuoted else { throw problem("a quote is opened and never closed") }
        return cells + [try text(cell)]
    }

    /// Takes the next byte if it is this one.
    private func takes(_ character: Character) -> Bool {
        let next = getc(file)
        if next == Int32(character.asciiValue ?? 0) { return true }
        if next != EOF { ungetc(next, file) }
        return false
    }

    private func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw problem("this is no UTF-8: save the file in that encoding")
        }
        return text
    }
}
