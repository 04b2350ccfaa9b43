import CPCRE2

/// A Perl-compatible regular expression, compiled, whose dot matches newlines.
///
/// `\G` has no meaning in it, since a page is searched in pieces.
final class Pattern: @unchecked Sendable {
    // Proof for Sendable: PCRE2 does not change a compiled pattern after pcre2_jit_compile, and says
    // that threads may share it (pcre2api, "Multithreading"). It is let go once, by `deinit`.
    let code: OpaquePointer
    private let groupNumbers: [String: Int]

    /// Compiles a pattern.
    ///
    /// - Throws: `ExpressionProblem` with the place where PCRE2 gave up.
    init(_ text: String) throws(ExpressionProblem) {
        var number: Int32 = 0
        var offset = 0
        let options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_BACKSLASH_C
        let bytes = Array(text.utf8)
        guard let code = pcre2_compile_8(bytes, bytes.count, options, &number, &offset, nil) else {
            let place = String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars.count
            throw ExpressionProblem(
                place,
                Self.message(number),
                cure: "see 'man pcre2pattern', or put '\\' before a sign that is meant as itself"
            )
        }
        // Where the system forbids making machine code the pattern works all the same, more slowly.
        pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
        self.code = code
        groupNumbers = Self.groupNumbers(of: code)
    }

    deinit { pcre2_code_free_8(code) }

    /// The number of a named group.
    func group(_ name: String) -> Int? { groupNumbers[name] }

    /// The named groups with their numbers.
    var allGroups: [String: Int] { groupNumbers }

    /// How many groups there are, named or not.
    var groupCount: Int {
        var count: UInt32 = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        return Int(count)
    }

    /// Reads PCRE2's table of names: in each entry two bytes for the number, then the name and a NUL.
    private static func groupNumbers(of code: OpaquePointer) -> [String: Int] {
        var count: UInt32 = 0
        var size: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [:] }
        var numbers: [String: Int] = [:]
        for index in 0..<Int(count) {
            let entry = table + index * Int(size)
            numbers[String(cString: entry + 2)] = Int(entry[0]) << 8 | Int(entry[1])
        }
        return numbers
    }

    private static func message(_ number: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
        return length > 0
            ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(number)"
    }
}
