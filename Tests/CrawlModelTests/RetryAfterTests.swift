import CrawlModel
import Testing

struct RetryAfterTests {
    /// Sunday, 6 November 1994, 08:49:37 UTC, the date that RFC 9110 shows.
    private static let example = Timestamp(milliseconds: 784_111_777_000)

    @Test(
        arguments: [
            // Seconds.
            ("0", 0), ("1", 1), ("120", 120), ("  7\t", 7), ("007", 7), ("3600", 3600),
            ("3601", 3600), ("99999999999999999999999999", 3600),
            ("-1", nil), ("+1", nil), ("1.5", nil), ("1e3", nil), ("", nil), ("   ", nil),
            ("soon", nil), ("0x10", nil), ("\u{0661}", nil), ("10 s", nil), ("1 0", nil),
            // The form that is sent (IMF-fixdate).
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:38 GMT", 1),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
            ("Sun, 06 Nov 1994 09:49:38 GMT", 3600), ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Mon, 01 Jan 1900 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:60 GMT", 23),
            // The form of RFC 850.
            ("Sunday, 06-Nov-94 08:49:38 GMT", 1), ("Monday, 07-Nov-94 08:49:37 GMT", 3600),
            ("Saturday, 06-Nov-93 08:49:37 GMT", 0), ("Sunday, 06-Nov-44 08:49:37 GMT", 3600),
            ("Sunday, 06-Nov-45 08:49:37 GMT", 0),
            // The form of asctime().
            ("Sun Nov  6 08:49:38 1994", 1), ("Sun Nov 16 08:49:38 1994", 3600),
            ("Sat Nov  5 08:49:38 1994", 0), ("Sun Nov 06 08:49:38 1994", 1),
            // No dates.
            ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
            ("Sun, 06 Nov 1994 08:49:37 +0000", nil), ("06 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 6 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 94 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 8:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
            ("Sun, 06 Nov 1994 08:60:00 GMT", nil), ("Sun, 06 Nov 1994 08:49:61 GMT", nil),
            ("Sun, 31 Nov 1994 08:49:37 GMT", nil), ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 29 Feb 1995 08:49:37 GMT", nil), ("Tue, 29 Feb 2000 08:49:37 GMT", 3600),
            ("Mon, 29 Feb 2100 08:49:37 GMT", nil), ("sun, 06 nov 1994 08:49:37 gmt", nil),
            ("Son, 06 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 November 1994 08:49:37 GMT", nil),
            ("Sunday, 06-Nov-1994 08:49:37 GMT", nil), ("Sun, 06-Nov-94 08:49:37 GMT", nil),
            ("Sun Nov 6 1994 08:49:37", nil), ("1994-11-06T08:49:37Z", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT, 5", nil),
        ] as [(String, Int?)]
    )
    func `a wish to come back later is read in every form of HTTP`(text: String, seconds: Int?) {
        let wait = RetryAfter.wait(text, from: Self.example, cap: .seconds(3600))
        #expect(wait == seconds.map { .seconds($0) })
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:01 GMT", 1), ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
        ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
        ("Thu, 31 Dec 2026 23:59:59 GMT", 1_798_761_599),
        ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ])
    func `days are counted by the calendar`(text: String, seconds: Int) {
        let epoch = Timestamp(milliseconds: 0)
        let wait = RetryAfter.wait(text, from: epoch, cap: .seconds(1 << 40))
        #expect(wait == .seconds(seconds))
    }
}
