import CPCRE2
import CrawlModel
import Testing

@testable import Extraction

struct PatternTests {
    private func matches(
        of pattern: String,
        in text: String,
        limit: TimeLimit = TimeLimit { .zero }
    ) throws -> [String] {
        var found: [String] = []
        try Array(text.utf8).withUnsafeBufferPointer { bytes in
            try PatternMatcher(Pattern(pattern)).forEachMatch(in: bytes, limit: limit) { match in
                found.append(match.text(of: 0))
            }
        }
        return found
    }

    @Test(arguments: [
        ("a.c", "a\nc abc", ["a\nc", "abc"]),
        ("<b>.*?</b>", "<b>1\r\n</b><b>2</b>", ["<b>1\r\n</b>", "<b>2</b>"]),
        ("(?-s)a.c", "a\nc abc", ["abc"]), (".", "图é😀", ["图", "é", "😀"]),
        ("(?i)PIC", "pic Pic", ["pic", "Pic"]),
        ("\\d+(?=px)", "12px 13em 4px", ["12", "4"]), ("(?<=a)b", "ab bb ab", ["b", "b"]),
        ("^a", "aa\na", ["a"]),
        ("(?m)^a", "aa\na", ["a", "a"]), ("a*", "baac", ["", "aa", "", ""]),
        ("", "ab", ["", "", ""]), ("x", "", []),
        ("图+", "图图-图", ["图图", "图"]), ("\\x{56fe}", "a图", ["图"]), ("[^<]+", "<图>b", ["图>b"]),
        ("$", "ab", [""]),
    ])
    func `matches come from left to right, dots match newlines`(
        pattern: String,
        text: String,
        expected: [String]
    ) throws {
        #expect(try matches(of: pattern, in: text) == expected)
    }

    @Test func `a pattern is made into machine code`() throws {
        var bytes = 0
        pcre2_pattern_info_8(try Pattern("a(?<image>b)").code, UInt32(PCRE2_INFO_JITSIZE), &bytes)
        #expect(bytes > 0)
    }

    @Test func `named groups are found wherever they stand`() throws {
        let pattern = try Pattern("(a)(?<name>b)?(?P<image>c)(?'next'd)")
        #expect(pattern.groupCount == 4)
        #expect(pattern.group("name") == 2)
        #expect(pattern.group("image") == 3)
        #expect(pattern.group("next") == 4)
        #expect(pattern.group("other") == nil)
    }

    @Test(arguments: [
        "(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){12}b", "(?:a*)*b", "(\\w+\\s?)+:", "((a+)+)+b",
        "(x+x+)+y|(a+a+)+b",
        "^(a?){25}(a){25}a*b$", "(?:a|(?R))+b", "(*NO_JIT)(a+)+$", "(*NO_JIT)(?:a|(?R))+b",
    ])
    func `a pattern that backtracks for ever is an error`(pattern: String) throws {
        let text = String(repeating: "a", count: 50_000) + "!b!:"
        #expect(throws: PatternMatcher.Failure.tooMuchWork) { try matches(of: pattern, in: text) }
    }

    @Test func `a search that is slow at each place ends with the page's time`() throws {
        let seconds = Counter()
        let limit = TimeLimit { .seconds(seconds.next()) }
        let text = String(repeating: "a", count: 400_000)
        #expect(throws: PatternMatcher.Failure.tookTooLong) {
            try matches(
                of: "a{0,20}b",
                in: text + String(repeating: "ab", count: 100),
                limit: limit
            )
        }
    }

    @Test func `a match may begin in one piece of the text and end in another`() throws {
        // Pieces are some 4,000 bytes long for a text of this size.
        let filling = String(repeating: "图", count: 20_000)
        let text = "<a>\(filling)</a><a>\(filling)é</a>"
        #expect(try matches(of: "<a>.*?</a>", in: text).map(\.utf8.count) == [60_007, 60_009])
        #expect(try matches(of: "(?<=图)é", in: text) == ["é"])
        #expect(try matches(of: "图", in: text).count == 40_000)
    }

    @Test(arguments: [
        "((a{1000}){1000}){1000}", String(repeating: "(", count: 1_000), "(?<n>a)(?<n>b)", "\\C",
        "[b-a]", "(?<=a*)b", "\\p{Nothing}", "(?=a\\K)",
    ])
    func `a pattern that PCRE2 can't take is refused`(pattern: String) {
        #expect(throws: ExpressionProblem.self) { try Pattern(pattern) }
    }
}
