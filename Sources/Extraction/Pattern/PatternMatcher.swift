import CPCRE2

/// Finds the matches of a pattern; used by one thread at a time.
final class PatternMatcher {
    /// How a search ends early.
    enum Failure: Error, Equatable {
        /// The pattern backtracks for ever, or nearly.
        case tooMuchWork
        /// The page has used up its time.
        case tookTooLong
        /// PCRE2 reports something else.
        case other(code: Int32)
    }

    let pattern: Pattern
    private let context: OpaquePointer
    private let data: OpaquePointer
    private let stack: OpaquePointer?

    /// Room for backtracking in machine code; what is not touched costs nothing.
    private static let stackBytes = (first: 32 << 10, most: 16 << 20)
    /// Room for backtracking without machine code, in KB.
    private static let heapMax: UInt32 = 64 << 10

    init(_ pattern: Pattern) {
        self.pattern = pattern
        guard let context = pcre2_match_context_create_8(nil),
            let data = pcre2_match_data_create_from_pattern_8(pattern.code, nil)
        else { preconditionFailure("no memory is left for a search") }
        self.context = context
        self.data = data
        stack = pcre2_jit_stack_create_8(Self.stackBytes.first, Self.stackBytes.most, nil)
        pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
        pcre2_set_heap_limit_8(context, Self.heapMax)
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
    }

    /// Calls back for each match, from left to right, none overlapping another.
    ///
    /// PCRE2 bounds its work for each place where a match might start, not for a whole search, so a
    /// text is searched a piece at a time with a look at the clock between them. A match may reach
    /// beyond its piece.
    ///
    /// - Parameters:
    ///   - text: Valid UTF-8.
    ///   - limit: The time that the page may take.
    ///   - visit: Gets each match, which must not be kept.
    /// - Throws: Why the text can't be searched to its end, or what `visit` throws.
    func forEachMatch(
        in text: UnsafeBufferPointer<UInt8>,
        limit: TimeLimit,
        _ visit: (PatternMatch) -> Void
    ) throws(Failure) {
        // Enough to look twice through the rest of the page for each part of the pattern.
        let workMax = max(1_000_000, 2 * text.count)
        let piece = max(1, 4_000_000_000 / workMax)
        pcre2_set_match_limit_8(context, UInt32(clamping: workMax))
        pcre2_set_depth_limit_8(context, UInt32(clamping: workMax))
        var start = 0
        var mayBeEmpty = true
        while start <= text.count {
            if limit.isOver { throw .tookTooLong }
            let pieceEnd = min(start + piece, text.count)
            switch try match(text, from: start, startingBefore: pieceEnd, mayBeEmpty: mayBeEmpty) {
            case nil where pieceEnd == text.count: return
            case nil:
                start = Self.boundary(in: text, after: pieceEnd)
                mayBeEmpty = true
            case .some(let found):
                visit(PatternMatch(text: text, data: data))
                // An empty match is not found again where it ended.
                mayBeEmpty = !found.isEmpty
                start = found.upperBound
            }
        }
    }

    /// Where the next match is; `nil` if there is none that starts in the piece.
    private func match(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        startingBefore pieceEnd: Int,
        mayBeEmpty: Bool
    ) throws(Failure) -> Range<Int>? {
        pcre2_set_offset_limit_8(context, pieceEnd)
        var options = PCRE2_NO_UTF_CHECK
        if !mayBeEmpty { options |= PCRE2_NOTEMPTY_ATSTART }
        let code = pcre2_match_8(
            pattern.code,
            text.baseAddress,
            text.count,
            start,
            options,
            data,
            context
        )
        switch code {
        case PCRE2_ERROR_NOMATCH: return nil
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT,
            PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_RECURSELOOP:
            throw .tooMuchWork
        case ..<0: throw .other(code: code)
        default: break
        }
        guard let bounds = pcre2_get_ovector_pointer_8(data) else { return nil }
        // With \K in a lookahead a match may end before it starts, and before the search does.
        let end = max(start, bounds[1])
        return min(bounds[0], end)..<end
    }

    /// The first start of a character behind an offset.
    private static func boundary(in text: UnsafeBufferPointer<UInt8>, after offset: Int) -> Int {
        var next = offset + 1
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}

/// One match of a pattern in a text.
struct PatternMatch {
    fileprivate let text: UnsafeBufferPointer<UInt8>
    fileprivate let data: OpaquePointer

    /// The text of a group, 0 for the whole match; empty where the group took no part.
    func text(of group: Int) -> String {
        guard group < Int(pcre2_get_ovector_count_8(data)),
            let bounds = pcre2_get_ovector_pointer_8(data)
        else { return "" }
        let (start, end) = (bounds[2 * group], bounds[2 * group + 1])
        guard start >= 0, start <= end, end <= text.count else { return "" }
        return String(decoding: text[start..<end], as: UTF8.self)
    }
}
