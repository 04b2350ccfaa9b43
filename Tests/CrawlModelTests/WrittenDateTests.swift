import CrawlModel
import Testing

struct WrittenDateTests {
    @Test(
        arguments: [
            ("2024-05-06", "2024-05-06"), (" 2024-05-06T07:08:09Z", "2024-05-06T07:08:09"),
            ("2024-05-06 07:08", "2024-05-06T07:08:00"),
            ("2024-05-06T07:08:09.5+02:00", "2024-05-06T07:08:09"),
            ("Mon, 06 May 2024 07:08:09 GMT", "2024-05-06T07:08:09"),
            ("6 May 2024 07:08 +0200", "2024-05-06T07:08:00"), ("6 may 2024", "2024-05-06"),
            ("2024-05", "2024-05-01"), ("2024/05/06", "2024-05-06"),
            ("2024-13-06", nil), ("2024-05-32", nil), ("soon", nil), ("", nil), ("2024", nil),
            ("Monday", nil), ("20240506", nil), ("2024-05-061", nil),
        ] as [(String, String?)]
    )
    func `dates are read as pages write them`(text: String, iso: String?) {
        #expect(WrittenDate(text)?.iso == iso)
    }

    @Test(
        arguments: [
            ("d.M.yyyy", "6.5.2024", "2024-05-06"), ("dd.MM.yy", "06.05.99", "1999-05-06"),
            ("MMM d, yyyy", "September 6, 2024", "2024-09-06"),
            ("yyyyMMdd", "20240506", "2024-05-06"),
            ("dd/MM/yyyy HH:mm", "06/05/2024 23:59", "2024-05-06T23:59:00"),
            ("dd.MM.yyyy", "6.5.2024", nil), ("d.M.yyyy", "6.5.2024 x", nil),
            ("d.M.yyyy", "6-5-2024", nil),
            ("HH:mm", "24:00", nil),
        ] as [(String, String, String?)]
    )
    func `a pattern reads what is written like it`(pattern: String, text: String, iso: String?)
        throws
    {
        #expect(try WrittenDate(text, DatePattern(pattern))?.iso == iso)
    }
}
