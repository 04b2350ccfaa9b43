import CZlib

/// Unpacks files that are gzip themselves, as sitemaps often are (`sitemap.xml.gz`).
enum Gunzip {
    /// The most that a sitemap may have unpacked (sitemaps.org, "Sitemap file limits").
    static let bytesMax = 50 * 1024 * 1024

    static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The unpacked bytes.
    ///
    /// - Throws: `ExtractionError` if they are damaged or too many.
    static func unpacked(
        _ bytes: [UInt8],
        atMost bytesMax: Int = bytesMax
    ) throws(ExtractionError) -> [UInt8] {
        var stream = z_stream()
        guard czlib_begin_gunzip(&stream) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        var input = bytes
        var out: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let isWhole = input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while out.count <= bytesMax {
                let code = piece.withUnsafeMutableBufferPointer { piece in
                    stream.next_out = piece.baseAddress
                    stream.avail_out = UInt32(piece.count)
                    return inflate(&stream, Z_NO_FLUSH)
                }
                out += piece.prefix(piece.count - Int(stream.avail_out))
                if code == Z_STREAM_END { return true }
                if code != Z_OK { return false }
            }
            return false
        }
        guard isWhole else {
            throw out.count > bytesMax ? .tooLargeUnpacked : .damagedArchive
        }
        return out
    }
}
