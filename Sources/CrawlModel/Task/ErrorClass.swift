/// What kind of thing went wrong with a task; the word is the same in SQL, JSON and help.
package enum ErrorClass: String, CaseIterable, Codable, Sendable {
    /// The host's name did not resolve.
    case dns
    /// No connection came about.
    case connect
    /// The connection could not be made safe: certificate, protocol or cipher.
    case tls
    /// Connecting, waiting for bytes, or the whole transfer took too long.
    case timeout
    /// The server ended the connection in the middle, or spoke no proper HTTP.
    case reset
    /// Fewer bytes came than the server promised, or the picture has no end.
    case truncated
    /// Status 400 to 499 except 429.
    case http4xx = "http_4xx"
    /// Status 429: too many requests.
    case http429 = "http_429"
    /// Status 500 to 599.
    case http5xx = "http_5xx"
    /// Too many redirects, or one to a place that is not followed.
    case redirect
    /// The bytes are no picture: an error page with status 200, nothing at all, another kind of file.
    case notAnImage = "not_an_image"
    /// More bytes than the recipe allows.
    case tooLarge = "too_large"
    /// The address on the page is none that can be asked for.
    case badURL = "bad_url"
    /// The file could not be written.
    case disk
    /// The page could not be read with this recipe.
    case extraction
    /// robots.txt forbids it.
    case robots
    /// The process ended three times while this task was running.
    case interrupted
    /// Another address owns the path.
    case pathTaken = "path_taken"
    /// The recipe's filters leave it out.
    case filtered
    /// Another picture has the same bytes, and the recipe keeps them once.
    case duplicate

    /// The class of an HTTP status that is not a success; a stray 1xx, 2xx or 3xx counts as `redirect`.
    package init(status: Int) {
        switch status {
        case 429: self = .http429
        case 400..<500: self = .http4xx
        case 500...: self = .http5xx
        default: self = .redirect
        }
    }
}
