import CrawlModel
import Testing

/// Each format by its first bytes, and whole pictures against those that lack their last byte.
struct WholeImageTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func filled(_ head: [UInt8], to count: Int = 40) -> [UInt8] {
        head + Array(repeating: 7, count: max(0, count - head.count))
    }
    private static let ended: [(format: ImageFormat, whole: [UInt8])] = [
        (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0xFF, 0xD9]),
        (.gif, bytes("GIF89a") + [1, 2, 0x3B]), (.gif, bytes("GIF87a") + [0x3B]),
        (
            .png,
            [0x89] + bytes("PNG\r\n\u{1A}\n") + [1, 2, 0, 0, 0, 0] + bytes("IEND") + [
                0xAE, 0x42, 0x60, 0x82,
            ]
        ),
        (.webp, bytes("RIFF") + [32, 0, 0, 0] + filled(bytes("WEBPVP8 "), to: 32)),
        (.bmp, bytes("BM") + [40, 0, 0, 0, 0, 0, 0, 0] + filled([], to: 30)),
    ]
    private static let open: [(format: ImageFormat, whole: [UInt8])] = [
        (.tiff, filled([0x49, 0x49, 0x2A, 0])), (.tiff, filled([0x4D, 0x4D, 0, 0x2A])),
        (.avif, filled([0, 0, 0, 32] + bytes("ftypavif"))),
        (.avif, filled([0, 0, 0, 32] + bytes("ftypavis"))),
        (.heic, filled([0, 0, 0, 24] + bytes("ftypheic"))),
        (.heic, filled([0, 0, 0, 24] + bytes("ftypmif1"))), (.jxl, filled([0xFF, 0x0A])),
        (.jxl, filled([0, 0, 0, 0x0C] + bytes("JXL ") + [0x0D, 0x0A])),
        (.ico, filled([0, 0, 1, 0, 1, 0])),
    ]

    private func judge(_ bytes: [UInt8], isFramed: Bool) -> Result<ImageFormat, Failure> {
        ImageContent(
            bytes: bytes.count,
            digest: Array(repeating: 0, count: 32),
            head: Array(bytes.prefix(ImageFormat.headBytes)),
            tail: Array(bytes.suffix(ImageFormat.tailBytes))
        ).judge(isFramed: isFramed)
    }

    @Test(arguments: ended)
    func `a picture that ends is whole, one byte less is truncated`(
        format: ImageFormat,
        whole: [UInt8]
    ) {
        #expect(judge(whole, isFramed: false) == .success(format))
        for count in 16..<max(16, whole.count) {
            guard case .failure(let failure) = judge(Array(whole.prefix(count)), isFramed: false)
            else {
                Issue.record("\(count) bytes of \(format) were taken for whole")
                continue
            }
            #expect(failure.errorClass == .truncated && failure.bytes == count)
            #expect(judge(Array(whole.prefix(count)), isFramed: true) == .success(format))
        }
    }

    @Test(arguments: open)
    func `a format without an end is taken as it is`(format: ImageFormat, whole: [UInt8]) {
        #expect(judge(whole, isFramed: false) == .success(format))
        #expect(judge(whole.dropLast(), isFramed: false) == .success(format))
    }

    @Test func `every format is told apart and has an extension`() {
        #expect(Set((Self.ended + Self.open).map(\.format)) == Set(ImageFormat.allCases))
        for format in ImageFormat.allCases {
            for name in format.extensionNames {
                #expect(ImageFormat.extensionName(ofFile: "A\(name.uppercased())") == name)
            }
        }
    }

    @Test func `a few first bytes are no picture and no crash`() {
        for (_, whole) in Self.ended + Self.open {
            for count in 0..<2 { #expect(ImageFormat(head: whole.prefix(count)) == nil) }
            for count in 0...whole.count { _ = judge(Array(whole.prefix(count)), isFramed: false) }
        }
    }

    @Test(arguments: [
        "<!DOCTYPE html>", "  <html>", "\u{FEFF}<html>", "{\"error\": 1}", "[1]", "Not found",
        "%PDF-1.7", "<svg xmlns='x'>", "MZ\u{0}", "PK\u{3}\u{4}", "#!/bin/sh", "RIFF1234WAVE",
        "BM too short",
    ])
    func `what is no picture is refused`(text: String) {
        guard case .failure(let failure) = judge(Array(text.utf8), isFramed: true) else {
            Issue.record("\(text.debugDescription) was taken for a picture")
            return
        }
        #expect(failure.errorClass == .notAnImage)
    }
}
