import CZlib

/// Packs bytes as gzip does (RFC 1952), and unpacks them.
package enum Packing {
    /// Packs bytes, quickly with level 1, and as small as can be with level 9.
    ///
    /// - Parameters:
    ///   - bytes: Any bytes.
    ///   - level: From 1 to 9.
    /// - Returns: One member.
    package static func packed(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
        var stream = z_stream()
        // Only a lack of memory can keep zlib from it, which ends a process anyway.
        precondition(czlib_begin_gzip(&stream, level) == Z_OK, "zlib can't begin")
        defer { deflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            let bound = Int(deflateBound(&stream, UInt(input.count)))
            return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(bound)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "the bound was too small")
                count = bound - Int(stream.avail_out)
            }
        }
    }

    /// Unpacks what `packed` made.
    ///
    /// - Parameters:
    ///   - packed: One member.
    ///   - length: How many bytes it holds; more are not unpacked.
    /// - Returns: The bytes.
    /// - Throws: `ExtractionError.damagedArchive` if it holds others.
    package static func unpacked(
        _ packed: [UInt8],
        length: Int
    ) throws(ExtractionError) -> [UInt8] {
        let bytes = try Gunzip.unpacked(packed, atMost: length)
        guard bytes.count == length else { throw .damagedArchive }
        return bytes
    }
}
