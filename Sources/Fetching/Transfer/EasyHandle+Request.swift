import CCurl
import CrawlModel

// What a request says and how long it may take; all of it, each time, after a reset.
extension EasyHandle {
    /// The receive buffer in bytes: a picture of usual size comes with one system call, and no more memory
    /// is asked for than the allocator hands out without a system call of its own.
    private static let bufferBytes = 64 * 1024
    /// Fewer bytes a second are taken for silence.
    private static let silenceBytes = 100

    func set(url: String, _ throttle: Throttle?) {
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // All that this libcurl can decode.
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(bufferBytes: throttle?.bufferBytes ?? Self.bufferBytes)
        // Signals are the program's; without this curl would use SIGALRM and change SIGPIPE.
        set(CURLOPT_NOSIGNAL, 1)
        // When a transfer is given up, don't wait for a slow name server to answer.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    /// Sets how long to wait for what.
    ///
    /// While a rate is kept to, a transfer may take as long as it has to: what is slow then is us. One that
    /// waits for its turn is not taken for silent.
    func set(_ timeouts: Timeouts, tookBefore: Duration, _ throttle: Throttle?) {
        if throttle == nil {
            set(CURLOPT_TIMEOUT_MS, max((timeouts.total - tookBefore).milliseconds, 1))
        }
        set(CURLOPT_CONNECTTIMEOUT_MS, max(timeouts.connect.milliseconds, 1))
        set(CURLOPT_LOW_SPEED_LIMIT, throttle == nil ? Self.silenceBytes : 1)
        set(CURLOPT_LOW_SPEED_TIME, max((timeouts.idle.milliseconds + 999) / 1000, 1))
    }

    /// Which way the request goes, and what vouches for the other end.
    func set(_ settings: FetchSettings) {
        switch settings.proxy {
        case .environment: break
        // An empty one keeps curl from looking into the environment.
        case .none: set(CURLOPT_PROXY, "")
        case .address(let proxy):
            set(CURLOPT_PROXY, proxy)
            if let login = settings.proxyLogin {
                set(CURLOPT_PROXYUSERNAME, login.user)
                set(CURLOPT_PROXYPASSWORD, login.password)
            }
        }
        // What a proxy says of its tunnel is no part of the answer that comes through it.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let authorities = settings.authorities {
            set(CURLOPT_CAINFO, authorities)
            set(CURLOPT_PROXY_CAINFO, authorities)
        }
    }

    /// Who is asking, for a host that may know.
    func set(login: Login) {
        set(CURLOPT_HTTPAUTH, ccurl_auth_basic)
        set(CURLOPT_USERNAME, login.user)
        set(CURLOPT_PASSWORD, login.password)
    }

    func set(certificate: ClientCertificate) {
        set(CURLOPT_SSLCERT, certificate.file)
        set(CURLOPT_SSLKEY, certificate.key)
        // Without any, OpenSSL would ask for it on the terminal.
        set(CURLOPT_KEYPASSWD, certificate.password ?? "")
    }
}
