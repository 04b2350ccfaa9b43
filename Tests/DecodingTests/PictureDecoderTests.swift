import SampleSite
import Testing

@testable import Decoding

private let isDecoderInstalled = (try? PictureDecoder()) != nil

/// libgd itself; without it these are skipped.
@Suite(.serialized, .enabled(if: isDecoderInstalled, "libgd3 is not installed"))
struct PictureDecoderTests {
    @Test(arguments: Picture.Format.allCases)
    func `whole pictures are decoded, also with bytes behind their end`(
        format: Picture.Format
    ) throws {
        let bytes = Picture(format, number: 7).bytes
        let decoder = try PictureDecoder()
        #expect(decoder.decode(bytes) == .decoded)
        #expect(decoder.decode(bytes + Array("behind the end".utf8)) == .decoded)
    }

    @Test(arguments: Picture.Format.allCases)
    func `a picture of which a part is missing is undecodable, and the decoder says why`(
        format: Picture.Format
    ) throws {
        let bytes = Picture(format, number: 7).bytes
        let decoder = try PictureDecoder()
        for count in [20, bytes.count / 3] {
            guard case .undecodable(let reason) = decoder.decode(Array(bytes.prefix(count))) else {
                Issue.record("\(count) of \(bytes.count) bytes")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test func `a GIF without its trailer is undecodable, though the library takes it`() throws {
        let bytes = Picture(.gif, number: 7).bytes
        #expect(try PictureDecoder().decode(bytes.dropLast()) != .decoded)
    }

    @Test func `a JPEG without its pixels is undecodable, though it has its end`() throws {
        let whole = Picture(.jpeg, number: 7).bytes
        let verdict = try PictureDecoder().decode(whole.dropLast(5) + [0xFF, 0xD9])
        guard case .undecodable(let reason) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(reason.contains("premature end"))
    }

    @Test func `a PNG with a flipped bit is undecodable`() throws {
        var bytes = Picture(.png, number: 7).bytes
        let data = try #require(
            bytes.indices.first { bytes[$0...].starts(with: Array("IDAT".utf8)) }
        )
        bytes[data + 20] ^= 1
        #expect(try PictureDecoder().decode(bytes) != .decoded)
    }

    @Test func `formats that the library does not know are not judged`() throws {
        let decoder = try PictureDecoder()
        #expect(decoder.decode([0xFF, 0x0A] + [UInt8](repeating: 1, count: 40)) == .notRead)
        #expect(decoder.decode([0, 0, 1, 0, 1, 0] + [UInt8](repeating: 1, count: 40)) == .notRead)
        let animation =
            Array("RIFF____WEBPVP8X\u{0A}\0\0\0".utf8) + [2] + [UInt8](repeating: 0, count: 40)
        #expect(decoder.decode(animation) == .notRead)
        #expect(decoder.decode(Array("<html>".utf8)) != .decoded)
    }
}

struct PictureFramesTests {
    @Test func `every cut of a GIF is told, however long`() {
        let gif = Picture(.gif, number: 7).bytes
        #expect(PictureFrames.hasGIFEnd(gif))
        #expect(PictureFrames.hasGIFEnd(gif + [0, 1, 2]))
        for count in 0..<gif.count {
            #expect(!PictureFrames.hasGIFEnd(Array(gif.prefix(count))), "\(count) bytes")
        }
    }

    @Test func `a decoder that is not there is told with its cure`() {
        let error = #expect(throws: DecoderMissing.self) {
            try PictureDecoder(library: "libnowhere.so.3")
        }
        #expect(
            error?.description.contains("libnowhere.so.3 can't be loaded; install libgd3") == true
        )
    }
}
