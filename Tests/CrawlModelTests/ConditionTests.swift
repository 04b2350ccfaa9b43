import CrawlModel
import Testing

struct ConditionTests {
    @Test(
        arguments: [
            ("bytes 500-999/1000", 500, 999, 1000),
            ("Bytes 0-0/1", 0, 0, 1),
            ("bytes 7-7/*", 7, 7, nil),
            ("bytes 0-9223372036854775805/9223372036854775806", 0, .max - 2, .max - 1),
        ] as [(String, Int, Int, Int?)]
    )
    func `a range is read`(_ text: String, _ first: Int, _ last: Int, _ length: Int?) throws {
        let range = try #require(ContentRange(text))
        #expect((range.first, range.last) == (first, last))
        #expect(range.length == length)
        #expect(range.bytes == last - first + 1)
    }

    @Test(arguments: [
        "", "bytes", "bytes ", "bytes 0-9", "bytes 0-9/", "bytes -9/10", "bytes 0-/10", "0-9/10",
        "bytes */1000", "bytes 9-0/10", "bytes 0-9/9", "bytes 0-10/10", "items 0-9/10",
        "bytes 0-9/10 ", " bytes 0-9/10", "bytes  0-9/10", "bytes=0-9/10", "bytes +0-9/10",
        "bytes 0-9/10/10", "bytes 0-9-9/10", "bytes 0x0-0x9/10", "bytes 0-٩/10",
        "bytes 0-9/9223372036854775807", "bytes 0-9223372036854775807/*",
        "bytes 18446744073709551616-18446744073709551617/*", "bytes 0-9/99999999999999999999",
    ])
    func `what is no range is none`(_ text: String) {
        #expect(ContentRange(text) == nil)
    }

    private let date = "Sun, 01 Jul 2018 08:00:00 GMT"

    @Test func `a tag is strong unless it says that it is weak`() {
        let strong = Validator(etag: #""abc""#, lastModified: date, date: nil)
        #expect(strong?.text == #""abc""#)
        #expect(strong?.isStrong == true)
        let weak = Validator(etag: #"W/"abc""#, lastModified: date, date: nil)
        #expect(weak?.text == #"W/"abc""#)
        #expect(weak?.isStrong == false)
    }

    @Test(
        arguments: [
            ("Sun, 01 Jul 2018 08:01:00 GMT", true), ("Sun, 01 Jul 2018 08:00:59 GMT", false),
            (nil, false), ("yesterday", false),
        ] as [(String?, Bool)]
    )
    func `a date is strong if it is a minute older than the answer`(_ sent: String?, _ is: Bool) {
        let validator = Validator(etag: nil, lastModified: date, date: sent)
        #expect(validator?.text == date)
        #expect(validator?.isStrong == `is`)
    }

    @Test(arguments: ["abc", #""a"b""#, #"w/"abc""#, #""abc"#, #"""#, "\"a\u{7F}\"", #""ü""#])
    func `a tag that is none is not used, nor is the date beside it strong`(_ tag: String) {
        let sent = "Sun, 01 Jul 2018 09:00:00 GMT"
        let validator = Validator(etag: tag, lastModified: date, date: sent)
        #expect(validator?.text == date)
        #expect(validator?.isStrong == false)
        #expect(Validator(etag: tag, lastModified: nil, date: sent) == nil)
    }

    @Test func `what is no date is no validator`() {
        #expect(Validator(etag: nil, lastModified: "2018-07-01", date: nil) == nil)
        #expect(Validator(etag: nil, lastModified: nil, date: date) == nil)
    }
}
