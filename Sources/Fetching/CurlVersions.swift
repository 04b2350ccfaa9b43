import CCurl

/// Which libcurl is in use, and what it can do.
package struct CurlVersions: Sendable {
    /// libcurl's own version, such as `7.88.1`.
    package let curl: String
    /// The TLS library with its version; `nil` if there is none.
    package let tls: String?
    /// The version of the HTTP/2 library; `nil` if there is none.
    package let http2: String?
    /// The compressions that are asked for and decoded, as in `Accept-Encoding`.
    package let encodings: [String]
    /// Whether international host names work.
    package let hasIDN: Bool

    private let number: UInt32
    private let features: Int32

    /// What the library in this process says of itself.
    init() {
        let info = curl_version_info(ccurl_version_now).pointee
        curl = String(cString: info.version)
        tls = info.ssl_version.map { String(cString: $0) }
        http2 = info.nghttp2_version.map { String(cString: $0) }
        let decoders = [
            ("deflate", CURL_VERSION_LIBZ), ("gzip", CURL_VERSION_LIBZ),
            ("br", CURL_VERSION_BROTLI), ("zstd", CURL_VERSION_ZSTD),
        ]
        encodings = decoders.filter { info.features & $0.1 != 0 }.map(\.0)
        hasIDN = info.features & CURL_VERSION_IDN != 0
        number = info.version_num
        features = info.features
    }

    /// Refuses a library that can't do what is relied upon.
    ///
    /// - Throws: `FetchError` that names what is missing.
    func requireWhatIsNeeded() throws(FetchError) {
        guard number >= 0x07_55_00 else { throw .libraryTooOld(version: curl) }
        guard features & CURL_VERSION_SSL != 0 else { throw .libraryLacks(feature: "TLS") }
        // Without it a slow name server would stop all transfers at once.
        guard features & CURL_VERSION_ASYNCHDNS != 0 else {
            throw .libraryLacks(feature: "an asynchronous resolver")
        }
    }
}
