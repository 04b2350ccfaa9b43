import CrawlModel
import Testing

struct ImageFormatTests {
    private func content(_ bytes: some BidirectionalCollection<UInt8>) -> ImageContent {
        ImageContent(
            bytes: bytes.count,
            digest: Array(repeating: 0, count: 32),
            head: Array(bytes.prefix(ImageFormat.headBytes)),
            tail: Array(bytes.suffix(ImageFormat.tailBytes))
        )
    }

    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `formats are told by their first bytes`() {
        #expect(ImageFormat(head: [0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
        #expect(ImageFormat(head: text("GIF89a....")) == .gif)
        #expect(ImageFormat(head: text("RIFF....WEBPVP8 ")) == .webp)
        #expect(ImageFormat(head: text("RIFF....WAVEfmt ")) == nil)
        #expect(ImageFormat(head: [0, 0, 0, 0x20] + text("ftypavif")) == .avif)
        #expect(ImageFormat(head: text("BM")) == nil)
        #expect(ImageFormat(head: []) == nil)
    }

    @Test func `an error page is no picture`() {
        let failure = content(text("\n<!doctype html><html>")).failure(isFramed: true)
        #expect(failure?.errorClass == .notAnImage)
        #expect(failure?.message.contains("HTML") == true)
        #expect(content([]).failure(isFramed: true)?.errorClass == .notAnImage)
    }

    @Test func `a picture without its end is truncated unless the transfer proved it whole`() {
        let whole: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 0xFF, 0xD9]
        #expect(content(whole).failure(isFramed: false) == nil)
        #expect(content(whole + [0, 0]).failure(isFramed: false) == nil)
        #expect(content(whole.dropLast()).failure(isFramed: false)?.errorClass == .truncated)
        #expect(content(whole.dropLast()).failure(isFramed: true) == nil)
    }

    @Test func `an extension is a picture's or none`() {
        #expect(ImageFormat.extensionName(ofFile: "a.JPeG") == ".jpeg")
        #expect(ImageFormat.extensionName(ofFile: "a.exe") == "")
        #expect(ImageFormat.extensionName(ofFile: "jpg") == "")
    }
}

extension ImageContent {
    fileprivate func failure(isFramed: Bool) -> Failure? {
        guard case .failure(let failure) = judge(isFramed: isFramed) else { return nil }
        return failure
    }
}
