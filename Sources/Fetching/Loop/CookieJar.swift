import CCurl

/// What all transfers have in common: cookies, and TLS sessions to take up again.
///
/// curl keeps a jar without bound and a hostile site can fill it, so it is emptied when it is far
/// larger than any site needs.
final class CookieJar {
    /// What curl calls a share.
    let share: UnsafeMutableRawPointer
    private var setCount = 0

    /// Cookies beyond which the jar is emptied; browsers should have room for so many in all (RFC 6265,
    /// section 6.1).
    private static let cookiesMax = 3000

    /// A jar with these cookies in it, each a line in Netscape's form.
    ///
    /// - Throws: `FetchError` if curl can't make one.
    init(_ cookies: [String]) throws(FetchError) {
        guard let share = curl_share_init() else { throw .libraryFailed(doing: "cookies") }
        // No locks: one thread uses it.
        for data in [CURL_LOCK_DATA_COOKIE, CURL_LOCK_DATA_SSL_SESSION] {
            guard ccurl_share_add(share, data) == CURLSHE_OK else {
                curl_share_cleanup(share)
                throw .libraryFailed(doing: "cookies")
            }
        }
        self.share = share
        guard !cookies.isEmpty else { return }
        guard let easy = EasyHandle(jar: self) else { throw .libraryFailed(doing: "cookies") }
        for cookie in cookies { easy.set(CURLOPT_COOKIELIST, cookie) }
    }

    deinit { curl_share_cleanup(share) }

    /// Keeps the jar within bounds.
    ///
    /// - Parameters:
    ///   - count: How many cookies an answer set, new ones and known ones.
    ///   - easy: The handle that it came to.
    func note(_ count: Int, by easy: UnsafeMutableRawPointer) {
        setCount += count
        guard setCount > Self.cookiesMax else { return }
        setCount = 0
        if Self.count(by: easy) > Self.cookiesMax {
            _ = ccurl_easy_set_string(easy, CURLOPT_COOKIELIST, "ALL")
        }
    }

    private static func count(by easy: UnsafeMutableRawPointer) -> Int {
        let list = ccurl_easy_cookies(easy)
        defer { curl_slist_free_all(list) }
        var count = 0
        var entry = list
        while let cookie = entry {
            count += 1
            entry = cookie.pointee.next
        }
        return count
    }
}
