package import CrawlModel

/// What holds for all that a fetcher fetches.
package struct FetchSettings: Sendable {
    /// How many connections are kept, busy ones included.
    ///
    /// Fewer than there are transfers at once means that connections are closed that could have been used again.
    package var connectionsMax = 64
    /// Bytes a second that all transfers together receive at most, at least 1000; `nil` for no limit.
    package var bytesPerSecond: Int?
    /// What stands between here and the hosts; the environment decides unless said otherwise.
    package var proxy = ProxyRule.environment
    /// The proxy's user and password, for the one that is named.
    package var proxyLogin: Login?
    /// Users and passwords of hosts.
    package var logins = Netrc()
    /// Cookies to begin with, each a line of a file in Netscape's form.
    package var cookies: [String] = []
    /// The file of certificates of the authorities that are believed; `nil` for the system's.
    package var authorities: String?
    /// What says who is asking, to trusted hosts that want to know.
    package var certificate: ClientCertificate?

    /// The settings of a fetcher that needs nothing.
    package init() {}
}

/// A client's certificate and its key, as files in PEM form.
package struct ClientCertificate: Sendable {
    /// The certificate's file.
    package let file: String
    /// The key's file; the same unless said otherwise.
    package let key: String
    /// The key's password.
    package let password: String?

    /// A certificate of its parts.
    package init(file: String, key: String? = nil, password: String? = nil) {
        self.file = file
        self.key = key ?? file
        self.password = password
    }
}
