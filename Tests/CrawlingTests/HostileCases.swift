import CrawlModel
import SampleSite

// What servers do wrong, with bytes, heads, redirects and addresses.
extension HostileCase {
    static let all =
        framing + heads + contents + statuses + redirects + compression + pages
        + addresses

    private static let framing: [HostileCase] = [
        .image("cut before the first byte", .truncated, .cut(after: 0)),
        .image("cut in the middle", .truncated, .cut(after: 300)),
        .image("a length too long", .truncated, .length(100_000)),
        .image("a length that is no number", .reset, .headers(["Content-Length": "many"])),
        .image("a length below zero", .reset, .headers(["Content-Length": "-5"])),
        .image("a chunk size that is no number", .reset, .chunks(.size)),
        .image("a cut chunk", .truncated, .chunks(.cut)),
        .image("chunks without an end", .truncated, .chunks(.unended)),
        .image("reset before the answer", .reset, .reset(.beforeAnswer)),
        .image("reset inside the head", .reset, .reset(.insideHead)),
        .image("reset inside the body", .reset, .reset(.insideBody)),
        .image("no end announced, and none there", .truncated, body: halfPicture, .untilClose),
        .image("an endless body", .tooLarge, .endless),
        .image("more than allowed, and says so", .tooLarge, .length(1_000_000)),
        .image("a length beyond all numbers", .tooLarge, .headers(["Content-Length": digits])),
    ]

    private static let heads: [HostileCase] = [
        .image("nothing at all", .reset, .raw([])),
        .image("no HTTP", .reset, .raw(text("220 ftp.example.org ready\r\n"))),
        .image("a picture without a head", .reset, .raw(halfPicture)),
        .image("half a status line", .reset, .raw(text("HTTP/1.1 2"))),
        .image("a head that breaks off", .reset, .raw(text("HTTP/1.1 200 OK\r\nA: b\r\n"))),
        .image("a status that is no number", .reset, .raw(text("HTTP/1.1 OK\r\n\r\n"))),
        .image("a version that is none", .reset, .raw(text("HTTP/7.1 200 OK\r\n\r\n"))),
        .image("interim answers only", .reset, .raw(text("HTTP/1.1 103 Hints\r\n\r\n"))),
        .image("a thousand headers", .reset, .headers(thousandHeaders)),
        .image("a header of 1 MB", .reset, .headers(["X": String(repeating: "x", count: 1 << 20)])),
    ]

    private static let contents: [HostileCase] = [
        .image("empty", .notAnImage, body: []),
        .image("an HTML page", .notAnImage, body: text("<!DOCTYPE html><title>404</title>")),
        .image("JSON", .notAnImage, body: text(#"{"error": "not found"}"#)),
        .image("plain text", .notAnImage, body: text("hotlinking is forbidden")),
        .image("SVG", .notAnImage, body: text("<svg><script>alert(1)</script></svg>")),
        .image("a program", .notAnImage, body: text("\u{7F}ELF\u{2}\u{1}\u{1}\u{0}")),
        .image("a shell script", .notAnImage, body: text("#!/bin/sh\nrm -rf ~\n")),
        .image("a zip file", .notAnImage, body: text("PK\u{3}\u{4}....")),
        .image("a PDF", .notAnImage, body: text("%PDF-1.7\n")),
        .image("zeros", .notAnImage, body: [UInt8](repeating: 0, count: 5000)),
        .image("one byte", .notAnImage, body: [0x89]),
    ]

    private static let statuses: [HostileCase] = [
        .image("no content", .notAnImage, .status(204)),
        .image("a part nobody asked for", .redirect, .part(0..<300)),
        .image("all of it as a part", .redirect, .part(0..<1_000_000)),
        .image(
            "a part that says it is another",
            .redirect,
            .answer(
                .init(status: 206, headers: ["Content-Range": "bytes 7-9/3"], body: halfPicture)
            )
        ),
        .image("not modified, though nobody asked", .redirect, .status(304)),
        .image("a choice", .redirect, .status(300)),
        .image("400", .http4xx, .status(400)),
        .image("401", .http4xx, .status(401, headers: ["WWW-Authenticate": "Basic realm=x"])),
        .image("403 with a picture", .http4xx, .answer(.init(status: 403, body: halfPicture))),
        .image("404", .http4xx, .status(404)),
        .image("416", .http4xx, .status(416)),
        .image("429", .http429, .status(429, headers: ["Retry-After": "-1"])),
        .image("500", .http5xx, .status(500)),
        .image("503 and a date", .http5xx, .status(503, headers: ["Retry-After": "yesterday"])),
        .image("999", .http5xx, .status(999)),
    ]

    private static let redirects: [HostileCase] =
        [
            "file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/x.png",
            "gopher://127.0.0.1/x.png", "data:image/png;base64,AAAA", "javascript:alert(1)",
            "http://user:secret@127.0.0.1/", "http://127.0.0.1:70000/", "http:///",
        ].map { .image("redirect to \($0)", .redirect, .redirect(to: $0)) } + [
            .image("redirect to nowhere", .redirect, .answer(.init(status: 301))),
            .image("redirect to the same again", .redirect, .redirect(to: "", status: 308)),
            HostileCase(
                name: "image: redirects in a circle",
                victim: .image { site, path in
                    site.fault(.redirect(to: "/circle", status: 301), at: path)
                    site.fault(.redirect(to: path, status: 307), at: "/circle")
                },
                errorClass: .redirect
            ),
            .image("redirect to a long address", .redirect, .redirect(to: "/\(letters(20_000))")),
            .image("redirect to nobody", .dns, .redirect(to: "http://nobody.invalid/x.png")),
            .image("redirect to a closed port", .connect, .redirect(to: "http://127.0.0.1:1/")),
            .image("redirect to a bad host", .redirect, .redirect(to: "http://[x/")),
        ]

    /// Those that take some seconds of real time.
    static let slow: [HostileCase] = [
        HostileCase(
            name: "image: no answer",
            victim: .image { site, path in site.hold(path) },
            errorClass: .timeout,
            patience: "2s"
        ),
        .slowImage("an answer too late", .delay(.seconds(60))),
        .slowImage("a byte now and then", .drip(every: .milliseconds(50))),
    ]

    private static let compression: [HostileCase] = [
        .image("a gzip bomb", .tooLarge, .gzipBomb(bytes: 100_000_000)),
        .image("no gzip though it says so", .reset, .headers(["Content-Encoding": "gzip"])),
        .image("an unknown compression", .reset, .headers(["Content-Encoding": "lzma"])),
        .image(
            "gzip that breaks off",
            .truncated,
            body: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0, 2, 0xFF, 0xFD] + halfPicture,
            headers: ["Content-Encoding": "gzip"]
        ),
        .image(
            "gzip with a wrong checksum",
            .reset,
            body: [
                0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 1, 0, 0xFE, 0xFF, 7, 1, 2, 3, 4, 1, 0, 0, 0,
            ],
            headers: ["Content-Encoding": "gzip"]
        ),
    ]

    private static let pages: [HostileCase] = [
        .page("cut", .truncated, .cut(after: 2000)),
        .page("a length too long", .truncated, .length(20_000)),
        .page("chunks without an end", .truncated, .chunks(.unended)),
        .page("reset inside the body", .reset, .reset(.insideBody)),
        .page("an endless body", .tooLarge, .endless),
        .page("a gzip bomb", .tooLarge, .gzipBomb(bytes: 100_000_000)),
        .page("redirect to itself", .redirect, .redirect(to: "?page=2")),
        .page("redirect to a file", .redirect, .redirect(to: "file:///etc/passwd")),
        .page("a part nobody asked for", .redirect, .part(0..<100)),
        .page("not modified, though nobody asked", .redirect, .status(304)),
        .page("404", .http4xx, .status(404)),
        .page("429", .http429, .status(429)),
        .page("503", .http5xx, .status(503)),
        .page("nested 100,000 deep", .extraction, html: nested),
    ]

    private static let addresses: [HostileCase] = [
        .address("ftp://127.0.0.1/x.png", .badURL),
        .address("file:///etc/passwd", .badURL),
        .address("javascript:alert(1)", .badURL),
        .address("data:image/png;base64,AAAA", .notAnImage),
        .address("http://", .badURL),
        .address("http://user:secret@127.0.0.1/x.png", .badURL),
        .address("http://127.0.0.1:0/x.png", .badURL),
        .address("http://127.0.0.1:70000/x.png", .badURL),
        .address("http://a b/x.png", .badURL),
        .address("http://[::1/x.png", .badURL),
        .address("http://\u{202E}moc.elpmaxe\u{7}/x.png", .badURL),
        HostileCase(
            name: "address: too long",
            victim: .address { $0.address(of: "/\(letters(70_000)).png") },
            errorClass: .badURL
        ),
        .address("http://nobody.invalid/x.png", .dns),
        .address("http://127.0.0.1:1/x.png", .connect),
    ]

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static let halfPicture = Array(Picture(.png, number: 1).bytes.prefix(512))
    private static let digits = String(repeating: "9", count: 19)
    private static let nested = String(repeating: "<div>", count: 100_000)

    private static var thousandHeaders: SampleSite.Headers {
        var headers: SampleSite.Headers = [:]
        for number in 1...1000 { headers.add("X-\(number)", letters(400)) }
        return headers
    }
}
