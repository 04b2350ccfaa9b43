import CrawlModel
import Extraction
import Foundation
import Storage

/// Writes a web archive (WARC/1.1, ISO 28500:2017), each record packed by gzip on its own, as its annex D
/// wants it.
///
/// The same crawl gives the same archive, byte for byte: records are named after what they hold.
struct WARCWriter: ~Copyable {
    private var output = BufferedOutput()

    /// Begins with what is to be known of the archive.
    ///
    /// - Parameter date: When the newest picture or page in it was had, ISO 8601 in UTC.
    /// - Throws: What `Console.write` throws.
    mutating func begin(date: String) throws {
        let text = """
            software: magpie/\(Magpie.version)\r
            format: WARC File Format 1.1\r
            conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r
            description: pages as they were read, decompressed, with their type as the only header; \
            pictures as files\r

            """
        try write(
            Record(
                type: "warcinfo",
                date: date,
                contentType: "application/warc-fields",
                block: Array(text.utf8)
            ),
            level: 6
        )
    }

    /// Adds a page as the answer that it was read from.
    ///
    /// - Parameters:
    ///   - page: The page.
    ///   - bytes: Its body, unpacked.
    /// - Throws: What `Console.write` throws.
    mutating func add(_ page: KeptPage, _ bytes: [UInt8]) throws {
        var head = "HTTP/1.1 \(page.body.status) \(page.body.status == 200 ? "OK" : "")\r\n"
        if let type = page.body.contentType { head += "Content-Type: \(type)\r\n" }
        head += "Content-Length: \(bytes.count)\r\n\r\n"
        try write(
            Record(
                type: "response",
                target: page.body.address.description,
                date: page.readAt,
                contentType: "application/http;msgtype=response",
                block: Array(head.utf8) + bytes,
                payload: bytes
            ),
            level: 6
        )
    }

    /// Adds a picture as a file without its answer, whose headers were not kept.
    ///
    /// - Parameters:
    ///   - url: Its address.
    ///   - date: When it was saved, ISO 8601 in UTC.
    ///   - bytes: The file.
    /// - Throws: What `Console.write` throws.
    mutating func add(picture url: String, date: String, _ bytes: [UInt8]) throws {
        let format = ImageFormat(head: bytes.prefix(ImageFormat.headBytes))
        try write(
            Record(
                type: "resource",
                target: url,
                date: date,
                contentType: format?.mediaType ?? "application/octet-stream",
                block: bytes,
                payload: bytes
            ),
            // Pictures are compressed already.
            level: 1
        )
    }

    /// Ends the archive.
    ///
    /// - Throws: What `Console.write` throws.
    mutating func end() throws { try output.flush() }

    private struct Record {
        let type: String
        var target: String?
        let date: String
        let contentType: String
        let block: [UInt8]
        var payload: [UInt8]?
    }

    private mutating func write(_ record: Record, level: Int32) throws {
        let digest = Digest.sha256(record.block)
        var head = "WARC/1.1\r\nWARC-Type: \(record.type)\r\n"
        head += "WARC-Record-ID: <urn:uuid:\(Self.name(of: record, digest))>\r\n"
        head += "WARC-Date: \(record.date)\r\n"
        if let target = record.target { head += "WARC-Target-URI: \(target)\r\n" }
        head += "WARC-Block-Digest: sha256:\(Self.base32(digest))\r\n"
        if let payload = record.payload {
            head += "WARC-Payload-Digest: sha256:\(Self.base32(Digest.sha256(payload)))\r\n"
        }
        head += "Content-Type: \(record.contentType)\r\n"
        head += "Content-Length: \(record.block.count)\r\n\r\n"
        let bytes = Array(head.utf8) + record.block + Array("\r\n\r\n".utf8)
        try output.write(Packing.packed(bytes, level: level))
    }

    /// A name that no other record has: a UUID made of a digest (RFC 9562, section 5.8).
    private static func name(of record: Record, _ digest: [UInt8]) -> String {
        let what = "\(record.type) \(record.target ?? "") \(record.date) "
        var bytes = Array(Digest.sha256(Array(what.utf8) + digest).prefix(16))
        bytes[6] = 0x80 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        let digits = bytes.map { String(format: "%02x", $0) }.joined()
        var name = ""
        for (offset, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(offset) { name += "-" }
            name.append(digit)
        }
        return name
    }

    /// The bytes in base 32 (RFC 4648, section 6), which readers of archives expect.
    private static func base32(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (bits, count) = (0, 0)
        for byte in bytes {
            (bits, count) = (bits << 8 | Int(byte), count + 8)
            while count >= 5 {
                count -= 5
                text.append(digits[bits >> count & 31])
            }
            bits &= 1 << count - 1
        }
        if count > 0 { text.append(digits[bits << (5 - count) & 31]) }
        return text + String(repeating: "=", count: (8 - text.count % 8) % 8)
    }
}

extension ImageFormat {
    /// The media type (IANA, "Media Types").
    fileprivate var mediaType: String {
        switch self {
        case .ico: "image/vnd.microsoft.icon"
        default: "image/\(rawValue)"
        }
    }
}
