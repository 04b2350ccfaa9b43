/// Why no fetcher can be started on this machine.
package enum FetchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// libcurl is older than 7.85, which first can keep redirects and addresses to named protocols.
    case libraryTooOld(version: String)
    /// libcurl was built without something that is needed.
    case libraryLacks(feature: String)
    /// libcurl gave an error while it was set up.
    case libraryFailed(doing: String)
    /// The system refused a pipe or a thread, with this error number.
    case systemRefused(doing: String, errno: Int32)

    /// A sentence that says what is wrong and what helps.
    package var description: String {
        switch self {
        case .libraryTooOld(let version):
            "libcurl \(version) is too old: install 7.85 or newer"
        case .libraryLacks(let feature):
            "libcurl was built without \(feature): install the usual build with OpenSSL"
        case .libraryFailed(let doing):
            "libcurl could not be set up (\(doing)): is there enough memory?"
        case .systemRefused(let doing, let errno):
            "the system refused \(doing) (error \(errno)): close files, or raise 'ulimit -n' and '-u'"
        }
    }
}
