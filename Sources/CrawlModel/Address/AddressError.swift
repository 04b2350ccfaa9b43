/// Why a text is no address that magpie will ask for.
package enum AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no scheme and nothing to resolve the text against.
    case notAbsolute(String)
    /// A scheme that is neither http nor https.
    case otherScheme(String)
    /// A `data:` address whose bytes can't be read.
    case badData(String)
    /// Nothing stands where the host should.
    case noHost(String)
    /// A host with a character that no host may have.
    case badHost(String)
    /// A port that is no number from 1 to 65535.
    case badPort(String)
    /// User and password inside the address, where they would end up in the database.
    case credentials

    /// A sentence that says what is wrong and what is expected.
    package var description: String {
        switch self {
        case .notAbsolute(let text):
            "'\(text)' is no full address: it must start with http:// or https://"
        case .otherScheme(let scheme): "'\(scheme):' is not fetched: only http and https are"
        case .badData(let what): "what stands in the page as 'data:' can't be read: \(what)"
        case .noHost(let text): "'\(text)' names no host"
        case .badHost(let host): "'\(host)' can't be a host name"
        case .badPort(let port): "'\(port)' is no port: it must be a number from 1 to 65535"
        case .credentials: "an address may not hold a user and password"
        }
    }
}
