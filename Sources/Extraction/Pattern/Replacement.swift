import CPCRE2

extension Pattern {
    /// More than any address or caption becomes by a replacement.
    private static let bytesMax = 100_000

    /// Refuses a replacement that names a group the pattern does not have.
    func check(replacement: String) throws(ExpressionProblem) {
        switch replaced("", with: replacement, isCheck: true) {
        case .success: return
        case .failure(let failure):
            guard case .other(let code) = failure else { return }
            throw ExpressionProblem(
                nil,
                "'\(replacement)' can't replace a match (PCRE2 error \(code))",
                cure: "write $1 or ${name} for a group of the pattern, and $$ for a dollar"
            )
        }
    }

    /// A text in which every match is replaced.
    ///
    /// - Parameters:
    ///   - text: A value of a page, not a whole page: its length bounds the work.
    ///   - replacement: In it `$1` and `${name}` stand for groups, `$$` for a dollar.
    ///   - isCheck: Whether the replacement is tried although nothing matches.
    /// - Returns: The text, or why it can't be made.
    func replaced(
        _ text: String,
        with replacement: String,
        isCheck: Bool = false
    ) -> Result<String, PatternMatcher.Failure> {
        let bytes = Array(text.utf8.prefix(Self.bytesMax))
        let replacementBytes = Array(replacement.utf8)
        var out = [UInt8](repeating: 0, count: Self.bytesMax)
        var length = out.count
        guard let context = pcre2_match_context_create_8(nil) else { return .success(text) }
        defer { pcre2_match_context_free_8(context) }
        pcre2_set_match_limit_8(context, 1_000_000)
        pcre2_set_depth_limit_8(context, 1_000_000)
        pcre2_set_offset_limit_8(context, bytes.count)
        if isCheck { return checked(replacementBytes, context) }
        let options = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY
        let code = pcre2_substitute_8(
            self.code,
            bytes,
            bytes.count,
            0,
            options,
            nil,
            context,
            replacementBytes,
            replacementBytes.count,
            &out,
            &length
        )
        return code >= 0
            ? .success(String(decoding: out.prefix(length), as: UTF8.self))
            : .failure(Self.failure(code))
    }

    /// PCRE2 looks at a replacement only where it replaces something, so a pattern with as many groups,
    /// named alike, is made to match.
    private func checked(
        _ replacement: [UInt8],
        _ context: OpaquePointer
    ) -> Result<String, PatternMatcher.Failure> {
        var names: [Int: String] = [:]
        for (name, number) in allGroups { names[number] = name }
        let groups = (0..<groupCount).map { names[$0 + 1].map { "(?<\($0)>)" } ?? "()" }
        guard let twin = try? Pattern(groups.joined()) else { return .success("") }
        var out = [UInt8](repeating: 0, count: Self.bytesMax)
        var length = out.count
        let code = pcre2_substitute_8(
            twin.code,
            [],
            0,
            0,
            PCRE2_SUBSTITUTE_UNSET_EMPTY,
            nil,
            nil,
            replacement,
            replacement.count,
            &out,
            &length
        )
        return code >= 0 ? .success("") : .failure(.other(code: code))
    }

    /// Whether the pattern matches anywhere in a value of a page.
    func matches(_ text: String) -> Result<Bool, PatternMatcher.Failure> {
        let bytes = Array(text.utf8.prefix(Self.bytesMax))
        guard let context = pcre2_match_context_create_8(nil),
            let data = pcre2_match_data_create_from_pattern_8(code, nil)
        else { return .success(false) }
        defer {
            pcre2_match_context_free_8(context)
            pcre2_match_data_free_8(data)
        }
        pcre2_set_match_limit_8(context, 1_000_000)
        pcre2_set_depth_limit_8(context, 1_000_000)
        let found = pcre2_match_8(code, bytes, bytes.count, 0, 0, data, context)
        if found == PCRE2_ERROR_NOMATCH { return .success(false) }
        return found >= 0 ? .success(true) : .failure(Self.failure(found))
    }

    private static func failure(_ code: Int32) -> PatternMatcher.Failure {
        switch code {
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT,
            PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_RECURSELOOP, PCRE2_ERROR_NOMEMORY:
            .tooMuchWork
        default: .other(code: code)
        }
    }
}
