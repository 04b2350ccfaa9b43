/// How a recipe wants hosts to be reached, and as whom: names of files and variables, never a secret.
package struct Connection: Equatable, Sendable {
    /// What stands between here and the hosts.
    package var proxy = ProxyRule.environment
    /// The file with users and passwords of hosts.
    package var netrc: String?
    /// The file with cookies, in Netscape's form.
    package var cookies: String?
    /// The file of certificates of the authorities that are believed, in PEM form; the system's if `nil`.
    package var authorities: String?
    /// The file with the certificate that says who is asking, in PEM form.
    package var certificate: String?
    /// The file with its key; the same if `nil`.
    package var key: String?

    /// The usual way, as nobody.
    package init() {}
}

/// A request header whose value is a secret, and so stands elsewhere than in the recipe.
package struct SecretHeader: Equatable, Sendable {
    /// Where a secret stands.
    package enum Place: Equatable, Sendable {
        /// In a file, which holds nothing else.
        case file(String)
        /// In a variable of the environment.
        case environment(String)
    }

    /// The header's name.
    package let name: String
    /// Where its value stands.
    package let place: Place
    /// Where in the recipe that is said, from line 1.
    package let line: Int
}
