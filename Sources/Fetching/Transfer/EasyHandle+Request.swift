import CCurl
import CrawlModel

// What a request says and how long it may take; all of it, each time, after a reset.
extension EasyHandle {
    /// The receive buffer in bytes: a picture of usual size comes with one system call, and no more memory
    /// is asked for than the allocator hands out without a system call of its own.
    private static let bufferBytes = 64 * 1024
    /// Fewer bytes a second are taken for silence.
    private static let silenceBytes = 100

    func set(url: String) {
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // All that this libcurl can decode.
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(bufferBytes: Self.bufferBytes)
        // Signals are the program's; without this curl would use SIGALRM and change SIGPIPE.
        set(CURLOPT_NOSIGNAL, 1)
        // When a transfer is given up, don't wait for a slow name server to answer.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    func set(_ timeouts: Timeouts, tookBefore: Duration) {
        set(CURLOPT_TIMEOUT_MS, max((timeouts.total - tookBefore).milliseconds, 1))
        set(CURLOPT_CONNECTTIMEOUT_MS, max(timeouts.connect.milliseconds, 1))
        set(CURLOPT_LOW_SPEED_LIMIT, Self.silenceBytes)
        set(CURLOPT_LOW_SPEED_TIME, max((timeouts.idle.milliseconds + 999) / 1000, 1))
    }
}
