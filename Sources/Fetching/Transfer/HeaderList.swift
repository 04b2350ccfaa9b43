import CCurl
import CrawlModel

/// Request headers in the form that curl takes, kept from request to request while they are the same.
final class HeaderList {
    /// The list; `nil` for no headers.
    private(set) var list: UnsafeMutablePointer<curl_slist>?
    /// The values of all `Cookie` headers in one, apart since curl adds the jar's own to it.
    private(set) var cookie: String?
    private var headers: [HeaderField] = []

    deinit { curl_slist_free_all(list) }

    /// Makes it hold these headers.
    func hold(_ headers: [HeaderField]) {
        guard headers != self.headers else { return }
        curl_slist_free_all(list)
        (list, cookie, self.headers) = (nil, nil, headers)
        for header in headers {
            switch header.name.lowercased() {
            case "cookie":
                guard !header.value.isEmpty else { continue }
                cookie = cookie.map { "\($0); \(header.value)" } ?? header.value
            // It follows from the address. Besides, curl would go on choosing cookies by it in requests
            // that come later, which not even a reset stops (CVE-2026-6276).
            case "host": continue
            default: append(header)
            }
        }
    }

    private func append(_ header: HeaderField) {
        // "Name:" takes a header away, in curl's language as in ours.
        let line = header.value.isEmpty ? "\(header.name):" : "\(header.name): \(header.value)"
        guard let longer = curl_slist_append(list, line) else {
            preconditionFailure("no memory for a header")
        }
        list = longer
    }
}
