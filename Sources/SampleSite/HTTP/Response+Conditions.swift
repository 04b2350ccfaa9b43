extension SampleSite.Response {
    /// The answer to a request that may be conditional or ask for a part.
    ///
    /// The rules are those of RFC 9110, sections 13 and 14. Only a 200 with an `ETag` or a
    /// `Last-Modified` is changed: to 304, to 206 for one range, or to 416. A date counts as a validator only if it is exactly
    /// the one given, and several ranges at once are not looked at; the standard leaves both to the
    /// server.
    func meeting(_ request: SampleSite.Request) -> Self {
        let tag = headers["ETag"]
        guard status == 200, tag != nil || headers["Last-Modified"] != nil else { return self }
        if isKnown(to: request, tag) { return notModified }
        guard let wanted = request.headers["Range"], isPartAllowed(by: request, tag) else {
            return self
        }
        return part(wanted)
    }

    /// Whether the client has these bytes already.
    private func isKnown(to request: SampleSite.Request, _ tag: String?) -> Bool {
        guard let known = request.headers["If-None-Match"] else {
            let date = request.headers["If-Modified-Since"]
            return date != nil && date == headers["Last-Modified"]
        }
        guard let tag else { return known == "*" }
        let tags = known.split(separator: ",").map { $0.trimmingBlanks() }
        return tags.contains("*") || tags.contains(tag) || tags.contains("W/\(tag)")
            || tags.contains { "W/\($0)" == tag }
    }

    private func isPartAllowed(by request: SampleSite.Request, _ tag: String?) -> Bool {
        guard let condition = request.headers["If-Range"] else { return true }
        return condition == tag && !condition.hasPrefix("W/")
            || condition == headers["Last-Modified"]
    }

    private var notModified: Self {
        var response = self
        response.status = 304
        response.headers["Content-Type"] = nil
        return response
    }

    private func part(_ wanted: String) -> Self {
        guard wanted.hasPrefix("bytes=") else { return self }
        let ends = wanted.dropFirst("bytes=".count)
            .split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingBlanks() }
        guard ends.count == 2 else { return self }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last:
            return part(first..<max(first, min(last, body.count) + 1))
        case (let first?, nil) where ends[1].isEmpty: return part(first..<max(first, body.count))
        case (nil, let length?) where ends[0].isEmpty && length >= 0:
            return part((body.count - length)..<body.count)
        default: return self
        }
    }

    /// The bytes of a range, cut at the end of the body; 416 if there are none.
    func part(_ range: Range<Int>) -> Self {
        var response = self
        let bytes = range.clamped(to: 0..<body.count)
        if bytes.isEmpty {
            response.status = 416
            response.headers["Content-Range"] = "bytes */\(body.count)"
            response.body = []
        } else {
            response.status = 206
            response.headers["Content-Range"] =
                "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(body.count)"
            response.body = Array(body[bytes])
        }
        return response
    }
}
