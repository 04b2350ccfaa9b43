import CDecoder
import CrawlModel

/// Opens pictures with libgd, which is loaded when it is first wanted.
///
/// What it decodes may crash or hang the process: outside of tests it works in a process of its own.
package struct PictureDecoder {
    /// What became of a picture.
    package enum Verdict: Codable, Equatable, Sendable {
        /// All of it was decoded.
        case decoded
        /// It is damaged, or larger than the decoder may be; in the decoder's words.
        case undecodable(String)
        /// It is in a format that the decoder does not read: nothing is known of it.
        case notRead
    }

    /// The library's file name: its binary interface has had this number since 2013.
    package static var library: String {
        #if canImport(Darwin)
        "libgd.3.dylib"
        #else
        "libgd.so.3"
        #endif
    }

    /// The library's version, such as `2.3.3`.
    package let version: String

    /// Loads the library.
    ///
    /// - Throws: `DecoderMissing`.
    package init(library: String = Self.library) throws(DecoderMissing) {
        guard decoder_load(library) == 0 else { throw DecoderMissing(library: library) }
        version = String(cString: decoder_version())
    }

    /// Decodes a picture, which may take long, and as much memory as four bytes a pixel and more.
    package func decode(_ bytes: [UInt8]) -> Verdict {
        guard let format = ImageFormat(head: bytes.prefix(ImageFormat.headBytes)) else {
            return .undecodable("no picture format begins like this")
        }
        guard !PictureFrames.isAnimatedWebP(bytes) else { return .notRead }
        if format == .gif, !PictureFrames.hasGIFEnd(bytes) {
            return .undecodable("the GIF ends in the middle of a frame")
        }
        guard let count = Int32(exactly: bytes.count) else { return .notRead }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { reason in
            guard let start = reason.baseAddress else { return .notRead }
            switch decoder_decode(format.rawValue, bytes, count, start, reason.count) {
            case decoder_decoded: return .decoded
            case decoder_unread: return .notRead
            default:
                let words = String(cString: start)
                return .undecodable(words.isEmpty ? "the decoder refuses it" : words)
            }
        }
    }
}

/// libgd is not installed.
package struct DecoderMissing: Error, CustomStringConvertible {
    let library: String

    /// A sentence that names the cure.
    package var description: String {
        "no decoder is here: \(library) can't be loaded; install libgd3 (Debian, Ubuntu), gd (Fedora, "
            + "Arch, Homebrew), or verify without --decode"
    }
}
