import CCurl
import CrawlModel

/// libcurl's easy handle, with what has to live as long as it does.
final class EasyHandle {
    /// curl's own handle.
    let curl: UnsafeMutableRawPointer
    private let headers = HeaderList()
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// - Returns: `nil` without memory for it.
    init?(jar: CookieJar) {
        guard let curl = curl_easy_init() else { return nil }
        self.curl = curl
        // curl minds cookies once it has loaded some, from no file here, and then minds them after a
        // reset too; that a file is set does not survive one, and would leak there.
        set(CURLOPT_COOKIEFILE, "")
        set(CURLOPT_COOKIELIST, "RELOAD")
        check(ccurl_easy_set_string(curl, CURLOPT_COOKIEFILE, nil))
        // This survives a reset.
        set(CURLOPT_SHARE, pointer: jar.share)
    }

    deinit {
        curl_easy_cleanup(curl)
        errorText.deallocate()
    }

    /// Makes it as new, but for cookies and what it knows of servers.
    func reset() {
        curl_easy_reset(curl)
        errorText.pointee = 0
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
    }

    func set(_ option: CURLoption, _ value: Int) {
        check(ccurl_easy_set_long(curl, option, value))
    }

    func set(_ option: CURLoption, _ value: String) {
        check(ccurl_easy_set_string(curl, option, value))
    }

    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) {
        check(ccurl_easy_set_pointer(curl, option, pointer))
    }

    /// For `CURLOPT_HEADERFUNCTION` and `CURLOPT_WRITEFUNCTION`.
    func set(_ option: CURLoption, _ callback: curl_write_callback) {
        check(ccurl_easy_set_write(curl, option, callback))
    }

    func set(progress callback: curl_xferinfo_callback) {
        check(ccurl_easy_set_progress(curl, callback))
    }

    /// Wishes for a receive buffer of this size.
    ///
    /// A handle has it still, and then refuses the wish, where its last transfer failed before there was
    /// a connection, as for a name that does not resolve.
    func set(bufferBytes: Int) {
        let code = ccurl_easy_set_long(curl, CURLOPT_BUFFERSIZE, bufferBytes)
        if code != CURLE_BAD_FUNCTION_ARGUMENT { check(code) }
    }

    func set(headers fields: [HeaderField]) {
        headers.hold(fields)
        check(ccurl_easy_set_list(curl, CURLOPT_HTTPHEADER, headers.list))
        if let cookie = headers.cookie { set(CURLOPT_COOKIE, cookie) }
    }

    /// How long the last exchange took.
    var took: Duration { .microseconds(ccurl_easy_offset(curl, CURLINFO_TOTAL_TIME_T)) }

    /// How long the last server took from the request to its first byte.
    var firstByte: Duration {
        let first = ccurl_easy_offset(curl, CURLINFO_STARTTRANSFER_TIME_T)
        return .microseconds(max(0, first - ccurl_easy_offset(curl, CURLINFO_PRETRANSFER_TIME_T)))
    }

    /// Bytes of the last body as received, before decompression.
    var wireBytes: Int { Int(ccurl_easy_offset(curl, CURLINFO_SIZE_DOWNLOAD_T)) }

    /// The status with which a proxy refused the last exchange a tunnel; `nil` if none did.
    var tunnelRefusal: Int? {
        let status = ccurl_easy_long(curl, CURLINFO_HTTP_CONNECTCODE)
        return status == 0 || (200..<300).contains(status) ? nil : status
    }

    /// What the error of the last exchange means.
    func failure(_ code: CURLcode) -> (errorClass: ErrorClass, message: String) {
        let text = errorText.pointee == 0 ? curl_easy_strerror(code) : UnsafePointer(errorText)
        let reason = text.map { String(cString: $0) } ?? "libcurl's error \(code.rawValue)"
        let didAsk = ccurl_easy_long(curl, CURLINFO_REQUEST_SIZE) > 0
        return (ErrorClass(code, didAsk: didAsk), PlainText.of(reason))
    }

    private func check(_ code: CURLcode) {
        // What is left are lack of memory and misuse.
        precondition(code == CURLE_OK, "libcurl: \(String(cString: curl_easy_strerror(code)))")
    }
}
