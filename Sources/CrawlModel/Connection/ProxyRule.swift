/// What stands between here and the hosts.
package enum ProxyRule: Equatable, Sendable {
    /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say, as curl reads them.
    case environment
    /// Nothing.
    case none
    /// This one, for all hosts that `no_proxy` does not name: `socks5h://127.0.0.1:1080`.
    case address(String)

    /// The kinds of proxies; with `socks5h` and `socks4a` they look up the names of hosts.
    private static let schemes: Set = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    /// Reads the recipe's word, or the address of a proxy.
    ///
    /// - Throws: `RecipeProblem`, which does not repeat what may hold a password.
    package init(_ text: String) throws(RecipeProblem) {
        switch text {
        case "environment": self = .environment
        case "none": self = .none
        default:
            guard !text.contains("@") else {
                throw RecipeProblem(
                    "a recipe is kept in the database, and may hold no password for a proxy",
                    cure: "leave user and password out, and put them into the environment as "
                        + "MAGPIE_PROXY_LOGIN=user:password"
                )
            }
            let halves = text.split(separator: "://", omittingEmptySubsequences: false).map(
                String.init
            )
            let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            guard halves.count == 2, Self.schemes.contains(halves[0]), !halves[1].isEmpty, isPlain
            else {
                throw RecipeProblem(
                    "'\(text)' is no proxy",
                    cure: "write http://HOST:PORT, socks5://HOST:PORT, environment or none"
                )
            }
            self = .address(text)
        }
    }
}
