import CrawlModel
@testable import Extraction
import Foundation
import Testing

/// Pictures that stand in the page itself (RFC 2397).
struct InlineImageTests {
    private static let gif = Array("GIF89a".utf8) + [0, 255, 0x25, 0x2B, 0x3B]
    private static let base64 = Data(gif).base64EncodedString()
    private static let percent = gif.map { "%" + String(Int($0) + 256, radix: 16).suffix(2) }
        .joined()

    private func discovery(_ reference: String) throws -> Discovery {
        let page = "<img src=\"\(reference)\" alt=x>"
        let item = "{ each: img, image: '::attr(src)', name: '::attr(alt)' }"
        let reading = try Extractor(item: item).read(page)
        return try #require(reading.discoveries.first)
    }

    @Test(arguments: [
        "data:image/gif;base64,\(base64)", "DATA:image/gif;charset=x; BASE64,\(base64)",
        "data:;base64,\(base64.replacing("=", with: ""))", "data:image/png;base64,\(base64)#x",
        "data:image/gif;base64,\(base64.prefix(5)) \n\(base64.dropFirst(5))",
        "data:,\(percent)", "data:image/gif,\(percent.uppercased())",
        "data:;base64,\(base64.replacing("+", with: "%2B").replacing("=", with: "%3d"))",
    ])
    func `a picture in a page has its bytes, and one address however it is written`(
        reference: String
    ) throws {
        let found = try discovery(reference)
        #expect(found.content == Self.gif)
        let address = try found.address.get().description
        #expect(address.hasPrefix("data:image/gif;sha256="))
        #expect(try address == discovery("data:,\(Self.percent)").address.get().description)
        #expect(found.reference == address)
        #expect(try WebAddress(stored: address) == found.address.get())
        let halves = try found.address.get().split
        #expect(halves.base + halves.rest == address)
        #expect(try found.address.get().authority == "data:")
    }

    @Test func `it is named by its caption, or by its bytes`() throws {
        let found = try discovery("data:,\(Self.percent)")
        let digits = try found.address.get().description.split(separator: "=")[1].prefix(16)
        func path(_ template: String, _ name: String) throws -> String {
            var found = found
            found.name = name
            return try PathTemplate(template).path(of: found, page: nil).description
        }
        #expect(try path("{folder}/{name}{extension}", "Cat") == "Cat.gif")
        #expect(try path("{name}{extension}", "") == "\(digits).gif")
        #expect(try path("{id}{extension}", "Cat") == "\(digits).gif")
    }

    @Test(arguments: [
        "data:", "data:image/gif;base64", "data:;base64,A", "data:;base64,AA=A",
        "data:;base64,A-_A",
        "data:;base64,AAA==", "data:;base64,%",
    ])
    func `what can't be read is no picture`(reference: String) throws {
        let found = try discovery(reference)
        #expect(throws: AddressError.self) { try found.address.get() }
        #expect(found.content == nil)
    }

    @Test func `a broken one is kept no longer than needed`() throws {
        let found = try discovery("data:;base64," + String(repeating: "!", count: 100_000))
        #expect(found.reference.utf8.count == 200)
    }

    @Test func `it is no page, and no address that a recipe or a server may give`() throws {
        let item = "{ each: img, image: '::attr(src)' }"
        let page = "<a href='data:text/html,x'>x</a>"
        #expect(try Extractor(item: item, next: "'a::attr(href)'").read(page).nextPages.isEmpty)
        let address = try discovery("data:,\(Self.percent)").address.get().description
        #expect(throws: AddressError.self) { try WebAddress(address) }
    }

    @Test func `base64 is decoded as others do`() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
            let text = Data(bytes).base64EncodedString()
            #expect(InlineImage.base64(Array(text.utf8)) == bytes)
        }
    }
}
