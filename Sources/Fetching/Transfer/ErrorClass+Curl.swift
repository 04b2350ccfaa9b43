import CCurl
import CrawlModel

extension ErrorClass {
    /// The class of an error of libcurl's.
    ///
    /// Those not named come from a server that speaks no proper HTTP or ends the connection, and those of
    /// other protocols, which are not spoken.
    ///
    /// - Parameters:
    ///   - code: Any code but `CURLE_OK`.
    ///   - didAsk: Whether a request was sent: curl has one code for an address that it does not speak to
    ///     and an answer that it does not speak.
    init(_ code: CURLcode, didAsk: Bool) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .dns
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED, CURLE_NO_CONNECTION_AVAILABLE,
            CURLE_PROXY:
            self = .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            self = .tls
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_PARTIAL_FILE: self = .truncated
        case CURLE_TOO_MANY_REDIRECTS: self = .redirect
        case CURLE_FILESIZE_EXCEEDED: self = .tooLarge
        case CURLE_URL_MALFORMAT: self = .badURL
        case CURLE_UNSUPPORTED_PROTOCOL: self = didAsk ? .reset : .badURL
        default: self = .reset
        }
    }
}
