@testable import Extraction
import Testing

struct JSONDocumentTests {
    private func texts(_ json: String) throws -> [String?] {
        try Array(json.utf8).withUnsafeBufferPointer { text in
            try JSONDocument.parse(text) { document throws(ExtractionError) in
                var texts: [String?] = []
                document.children(of: JSONDocument.root) { texts.append(document.text($0)) }
                return texts
            }
        }
    }

    @Test func `texts are decoded, numbers keep their digits`() throws {
        let json = #"""
            [ "a\"\\\/\b\f\n\r\tä\u00e4\ud83d\ude00" , 12345678901234567890.10e+2 ,-0, true,false,null,"",[ ],{ }]
            """#
        #expect(
            try texts(json) == [
                "a\"\\/\u{8}\u{C}\n\r\tää😀", "12345678901234567890.10e+2", "-0", "true", "false",
                nil,
                "", nil, nil,
            ]
        )
    }

    @Test func `half a surrogate pair becomes a replacement character, and U+0000 nothing`() throws
    {
        let json = #"["a\ud800b", "\udc00", "\ud800\ud800", "\ud83d\u0041", "\ud83dx", "a\u0000b"]"#
        let lost = "\u{FFFD}"
        #expect(
            try texts(json) == ["a\(lost)b", lost, lost + lost, lost + "A", lost + "x", "ab"]
        )
    }

    @Test(
        arguments: [
            ("", 0), (" ", 1), ("<html>", 0), ("[1", 2), ("[1,]", 3), ("[,1]", 1), (#"{"a"}"#, 4),
            (#"{"a":1,}"#, 7),
            ("{a: 1}", 1), ("[1] 2", 4), ("nul", 0), ("[01]", 2), ("[1.]", 3), ("[-]", 2),
            ("[1e]", 3), (#"["a]"#, 4),
            (#"["\x"]"#, 3), (#"["\u12g4"]"#, 6), ("[+1]", 1), ("['a']", 1), ("]", 0), ("{]", 1),
            ("[}", 1), ("NaN", 0),
        ] as [(String, Int)]
    )
    func `what is no JSON says at which byte`(json: String, byte: Int) {
        let error = #expect(throws: ExtractionError.self) { try texts(json) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("at byte \(byte) "))
    }

    @Test func `what nests or counts more than any answer is refused`() throws {
        let deep = JSONDocument.depthMax
        #expect(
            try texts(String(repeating: "[", count: deep) + String(repeating: "]", count: deep))
                .count == 1
        )
        for open in ["[", #"{"a":"#] {
            let error = #expect(throws: ExtractionError.self) {
                try texts(String(repeating: open, count: 1_000_000))
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains("nests more than"))
        }
        let many = #expect(throws: ExtractionError.self) {
            try texts("[" + String(repeating: "0,", count: JSONDocument.valuesMax) + "0]")
        }
        #expect("\(many.map { "\($0)" } ?? "")".contains("more than"))
    }
}
